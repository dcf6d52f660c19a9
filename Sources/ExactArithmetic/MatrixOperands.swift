internal import Convolution

/// The operands of an operation as matrices, whose products are its exact sums.
///
///     output          = patches of the input  x  filter
///     input gradient  = patches of the output's gradient  x  filter, taps reversed and transposed
///     filter gradient = patches of the input, transposed  x  output's gradient
///     bias gradient   = ones, transposed  x  output's gradient
struct MatrixOperands<Number: MatrixNumber>: Sendable {
    /// What patches are gathered of, in logical memory order; of a bias gradient nothing.
    private let left: [Number]
    /// It, where matrices are of float64 and it is not.
    private let narrowLeft: [Float]?
    /// The other factor.
    private let right: Right

    private enum Right: Sendable {
        case float([Float])
        case double([Double])
    }

    /// Where patches are gathered from.
    enum Source {
        case same(UnsafePointer<Number>)
        case narrow(UnsafePointer<Float>)
    }
    /// Of the second factor's high parts, or `nil` where it is whole.
    private let unit: Double?
    /// `[parts, answer's last extent]`.
    let bias: [Double]
    /// `[answer's last extent]`.
    let biasMagnitudes: [Double]
    let groups: Int
    /// Columns of a group.
    let columns: Int
    /// Into how many parts the second factor is cut: high and low, or one.
    let parts: Int
    /// Of a filter whose rows are turned and transposed: its taps and channels of a group, and its filters of a group.
    private let turned: (taps: Int, depth: Int, filters: Int)?

    init(
        _ geometry: Geometry, _ operation: Convolution.Operation, factors: Factors, bias: [Double]?,
        _ way: ExactBounds.Way
    ) {
        groups = operation == .biasGradient ? 1 : geometry.groups
        let last = operation == .inputGradient ? geometry.channels : geometry.filters
        columns = last / groups
        let hasPatches = operation != .biasGradient
        switch factors {
        case .float(let first, let second):
            right = .float(hasPatches ? second : first)
            (left, narrowLeft) = hasPatches ? (first as? [Number]).map { ($0, nil) } ?? ([], first) : ([], nil)
        case .double(let first, let second):
            right = .double(hasPatches ? second : first)
            (left, narrowLeft) = (hasPatches ? Self.numbers(first) : [], nil)
        }
        turned =
            operation == .inputGradient
            ? (geometry.kernelHeight * geometry.kernelWidth, geometry.channelsPerGroup, geometry.filtersPerGroup) : nil
        biasMagnitudes = bias?.map(\.magnitude) ?? [Double](repeating: 0, count: last)
        let bias = bias ?? biasMagnitudes
        if case .halves(let unit, let biasUnit) = way {
            (parts, self.unit) = (2, unit)
            let high = bias.map { ExactBounds.high($0, unit: biasUnit) }
            self.bias = high + zip(bias, high).map { $0 - $1 }
        } else {
            (parts, unit) = (1, nil)
            self.bias = bias
        }
    }

    private static func numbers(_ values: [Double]) -> [Number] {
        if let values = values as? [Number] { return values }
        return [Number](unsafeUninitializedCapacity: values.count) { numbers, count in
            let room = numbers.baseAddress!
            values.withUnsafeBufferPointer { values in
                for place in values.indices { (room + place).initialize(to: Number(values[place])) }
            }
            count = values.count
        }
    }

    /// Calls `body` with the operand that patches are gathered of, or with `nil` where it is none, or empty.
    func withSource(_ body: (Source?) -> Void) {
        if let narrowLeft {
            narrowLeft.withUnsafeBufferPointer { body($0.baseAddress.map { .narrow($0) }) }
        } else {
            left.withUnsafeBufferPointer { body($0.baseAddress.map { .same($0) }) }
        }
    }

    /// Stores some rows of the second factor, as a group has them.
    ///
    /// - Parameters:
    ///   - rows: room for `[rows, parts, columns]`.
    ///   - magnitudes: room for `[rows, columns]`.
    func store(
        _ range: Range<Int>, group: Int, rows: UnsafeMutablePointer<Number>, magnitudes: UnsafeMutablePointer<Number>
    ) {
        func store(_ right: [some BinaryFloatingPoint]) {
            right.withUnsafeBufferPointer { right in
                if let turned {
                    self.store(right.baseAddress!, turned, range, group: group, rows: rows, magnitudes: magnitudes)
                } else {
                    self.store(right.baseAddress!, range, group: group, rows: rows, magnitudes: magnitudes)
                }
            }
        }
        switch right {
        case .float(let right): store(right)
        case .double(let right): store(right)
        }
    }

    private func store(
        _ right: UnsafePointer<some BinaryFloatingPoint>, _ range: Range<Int>, group: Int,
        rows: UnsafeMutablePointer<Number>, magnitudes: UnsafeMutablePointer<Number>
    ) {
        for (place, row) in range.enumerated() {
            let source = right + (row * groups + group) * columns
            let (target, magnitudes) = (rows + place * parts * columns, magnitudes + place * columns)
            if let unit {
                for column in 0..<columns {
                    let number = Double(source[column])
                    let high = ExactBounds.high(number, unit: unit)
                    target[column] = Number(high)
                    target[columns + column] = Number(number - high)
                }
            } else {
                for column in 0..<columns { target[column] = Number(source[column]) }
            }
            for column in 0..<columns { magnitudes[column] = Number(source[column].magnitude) }
        }
    }

    private func store(
        _ filter: UnsafePointer<some BinaryFloatingPoint>, _ turned: (taps: Int, depth: Int, filters: Int),
        _ range: Range<Int>, group: Int, rows: UnsafeMutablePointer<Number>, magnitudes: UnsafeMutablePointer<Number>
    ) {
        let filters = turned.filters * groups
        for (place, row) in range.enumerated() {
            let (tap, f) = row.quotientAndRemainder(dividingBy: turned.filters)
            let source = filter + (turned.taps - 1 - tap) * turned.depth * filters + group * turned.filters + f
            let (target, magnitudes) = (rows + place * parts * columns, magnitudes + place * columns)
            for c in 0..<columns {
                let weight = Double(source[c * filters])
                magnitudes[c] = Number(weight.magnitude)
                if let unit {
                    let high = ExactBounds.high(weight, unit: unit)
                    target[c] = Number(high)
                    target[columns + c] = Number(weight - high)
                } else {
                    target[c] = Number(weight)
                }
            }
        }
    }
}
