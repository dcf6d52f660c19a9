internal import Convolution

/// The operands of an operation as matrices, whose products are its exact sums.
///
///     output          = patches of the input  x  filter
///     input gradient  = patches of the output's gradient  x  filter, taps reversed and transposed
///     filter gradient = patches of the input, transposed  x  output's gradient
///     bias gradient   = ones, transposed  x  output's gradient
struct MatrixOperands<Number: MatrixNumber>: Sendable {
    /// What is gathered, in logical memory order; of a bias gradient nothing.
    let left: [Number]
    /// The other factor.
    private let right: [Double]
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

    /// - Parameter factors: in the order of ``Operation/factors``, in logical memory order.
    init(
        _ geometry: Geometry, _ operation: Convolution.Operation, factors: [[Double]], bias: [Double]?,
        _ way: ExactBounds.Way
    ) {
        groups = operation == .biasGradient ? 1 : geometry.groups
        let last = operation == .inputGradient ? geometry.channels : geometry.filters
        columns = last / groups
        right = operation == .biasGradient ? factors[0] : factors[1]
        left = operation == .biasGradient ? [] : Self.numbers(factors[0])
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

    /// Stores some rows of the second factor, as a group has them.
    ///
    /// - Parameters:
    ///   - rows: room for `[rows, parts, columns]`.
    ///   - magnitudes: room for `[rows, columns]`.
    func store(
        _ range: Range<Int>, group: Int, rows: UnsafeMutablePointer<Number>, magnitudes: UnsafeMutablePointer<Number>
    ) {
        right.withUnsafeBufferPointer { right in
            if let turned {
                store(right.baseAddress!, turned, range, group: group, rows: rows, magnitudes: magnitudes)
                return
            }
            for (place, row) in range.enumerated() {
                let source = right.baseAddress! + (row * groups + group) * columns
                let (target, magnitudes) = (rows + place * parts * columns, magnitudes + place * columns)
                if let unit {
                    for column in 0..<columns {
                        let high = ExactBounds.high(source[column], unit: unit)
                        target[column] = Number(high)
                        target[columns + column] = Number(source[column] - high)
                    }
                } else {
                    for column in 0..<columns { target[column] = Number(source[column]) }
                }
                for column in 0..<columns { magnitudes[column] = Number(source[column].magnitude) }
            }
        }
    }

    private func store(
        _ filter: UnsafePointer<Double>, _ turned: (taps: Int, depth: Int, filters: Int), _ range: Range<Int>,
        group: Int, rows: UnsafeMutablePointer<Number>, magnitudes: UnsafeMutablePointer<Number>
    ) {
        let filters = turned.filters * groups
        for (place, row) in range.enumerated() {
            let (tap, f) = row.quotientAndRemainder(dividingBy: turned.filters)
            let source = filter + (turned.taps - 1 - tap) * turned.depth * filters + group * turned.filters + f
            let (target, magnitudes) = (rows + place * parts * columns, magnitudes + place * columns)
            for c in 0..<columns {
                let weight = source[c * filters]
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
