internal import Convolution

/// Integer arithmetic by matrix products of float64, exact for as long as every sum stays below 2^53.
///
/// Where whole sums do not, the inputs are cut into a high and a low half, input = high * 2^lowBits + low with both of
/// the input's sign, so that the sums of either half do. Their sums, and those of their magnitudes, are joined as
/// integers.
struct MatrixRows: ExactRows {
    /// With fewer columns a matrix product costs more than it saves.
    private static let leastFilters = 4
    /// Numbers in a matrix of patches, at least one row of them: what stays in a core's cache.
    private static let patchNumbers = 1 << 17
    /// Sums up to here are exact in float64.
    private static let largestExactSum = 0x1p53

    private let operands: IntegerOperands
    private let product: MatrixProduct
    /// The halves of the input, `[batch, height, width, channels]`; a whole where one product is enough.
    private let halves: [Half]
    /// `[kernel height, kernel width, channels / groups, filters]`.
    private let filterMagnitudes: [Double]

    private struct Half {
        let elements: [Double]
        /// What its sums are multiplied by: 2^shift.
        let shift: Int
    }

    private var geometry: Geometry { operands.geometry }

    /// - Parameter product: a matrix product, or `nil` where this machine has none.
    /// - Returns: `nil` where it has none, where the filters of a group are few, or where halves are not enough.
    init?(_ operands: IntegerOperands, product: MatrixProduct? = .shared) {
        let geometry = operands.geometry
        guard let product, geometry.filtersPerGroup >= MatrixRows.leastFilters,
            max(geometry.productsPerOutput, geometry.filters) <= Int(Int32.max)
        else { return nil }
        let largest = MatrixRows.largestExactSum / (Double(geometry.productsPerOutput) * operands.largestWeight)
        let lowBits = operands.largestInput <= largest ? 0 : Int(operands.largestInput.exponent + 1) / 2
        let unit = powerOfTwo(lowBits)
        guard lowBits == 0 || max(unit, operands.largestInput / unit) <= largest else { return nil }
        self.operands = operands
        self.product = product
        if lowBits == 0 {
            halves = [Half(elements: operands.input, shift: 0)]
        } else {
            let high = operands.input.map { Double(Int64($0 / unit)) }
            let low = zip(operands.input, high).map { $0 - $1 * unit }
            halves = [Half(elements: high, shift: lowBits), Half(elements: low, shift: 0)]
        }
        filterMagnitudes = operands.filter.map(\.magnitude)
    }

    func compute(from first: Int, step: Int, into results: ExactResults) {
        let (taps, columns) = (geometry.productsPerOutput, geometry.filtersPerGroup)
        let rows = geometry.batch * geometry.outputHeight
        let blockRows = max(1, min(rows, MatrixRows.patchNumbers / (geometry.outputWidth * taps)))
        let pixels = blockRows * geometry.outputWidth
        let patches = Scratch<Double>(repeating: 0, count: pixels * taps)
        let part = Scratch<Double>(repeating: 0, count: pixels * columns)
        let sums = Scratch<Int64>(repeating: 0, count: pixels * columns)
        let magnitudes = Scratch<Int64>(repeating: 0, count: pixels * columns)
        for block in stride(from: first * blockRows, to: rows, by: step * blockRows) {
            let block = block..<min(block + blockRows, rows)
            let count = block.count * geometry.outputWidth
            for group in 0..<geometry.groups {
                sums.fill(with: 0)
                magnitudes.fill(with: 0)
                for half in halves {
                    gather(half, rows: block, group: group, into: patches.pointer)
                    add(patches, count, times: operands.filter, group, to: sums, by: half.shift, part)
                    for place in 0..<count * taps { patches.pointer[place] = patches.pointer[place].magnitude }
                    add(patches, count, times: filterMagnitudes, group, to: magnitudes, by: half.shift, part)
                }
                store(sums.pointer, magnitudes.pointer, rows: block, group: group, into: results)
            }
        }
    }

    /// Gathers the patches of some rows of the output, as the filters of `group` see them.
    private func gather(_ half: Half, rows: Range<Int>, group: Int, into patches: UnsafeMutablePointer<Double>) {
        half.elements.withUnsafeBufferPointer { input in
            let gather = Patches(geometry: geometry, input: input)
            for (place, row) in rows.enumerated() {
                let (n, y) = row.quotientAndRemainder(dividingBy: geometry.outputHeight)
                gather.gather(
                    image: n, outputRow: y, group: group,
                    into: patches + place * geometry.outputWidth * geometry.productsPerOutput)
            }
        }
    }

    /// sums += (patches times the filters of `group`) * 2^shift
    private func add(
        _ patches: borrowing Scratch<Double>, _ count: Int, times filter: [Double], _ group: Int,
        to sums: borrowing Scratch<Int64>, by shift: Int, _ part: borrowing Scratch<Double>
    ) {
        let columns = geometry.filtersPerGroup
        filter.withUnsafeBufferPointer { filter in
            product.store(
                patches.pointer, times: filter.baseAddress! + group * columns, rightStride: geometry.filters,
                into: part.pointer, rows: count, inner: geometry.productsPerOutput, columns: columns)
        }
        for place in 0..<count * columns { sums.pointer[place] &+= Int64(part.pointer[place]) << shift }
    }

    private func store(
        _ sums: UnsafePointer<Int64>, _ magnitudes: UnsafePointer<Int64>, rows: Range<Int>, group: Int,
        into results: ExactResults
    ) {
        let columns = geometry.filtersPerGroup
        let firstPixel = rows.lowerBound * geometry.outputWidth
        for column in 0..<columns {
            let f = group * columns + column
            let bias = operands.bias?[f] ?? 0
            for pixel in 0..<rows.count * geometry.outputWidth {
                let place = pixel * columns + column
                results.store(
                    operands.rounded(sums[place] + bias), magnitude: operands.rounded(magnitudes[place] + abs(bias)),
                    at: (firstPixel + pixel) * geometry.filters + f)
            }
        }
    }
}
