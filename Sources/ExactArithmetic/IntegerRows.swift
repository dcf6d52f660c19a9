internal import Convolution

/// Integer arithmetic, exact for numbers that lie on a common grid of not too many bits.
struct IntegerRows: ExactRows {
    private let operands: IntegerOperands
    /// `[batch, height, width, channels]`.
    private let input: [Int64]
    /// `[filters, kernel height, kernel width, channels / groups]`.
    private let filter: [Int64]

    private var geometry: Geometry { operands.geometry }

    init(_ operands: IntegerOperands) {
        self.operands = operands
        input = operands.input.map { Int64($0) }
        let geometry = operands.geometry
        filter = (0..<geometry.filters).flatMap { f in
            stride(from: f, to: operands.filter.count, by: geometry.filters).lazy.map { Int64(operands.filter[$0]) }
        }
    }

    func compute(from first: Int, step: Int, into results: ExactResults) {
        var patches = [Int64](repeating: 0, count: geometry.outputWidth * geometry.productsPerOutput)
        input.withUnsafeBufferPointer { input in
            let gather = Patches(geometry: geometry, input: input)
            for row in stride(from: first, to: geometry.batch * geometry.outputHeight, by: step) {
                let (n, y) = row.quotientAndRemainder(dividingBy: geometry.outputHeight)
                for group in 0..<geometry.groups {
                    gather.gather(image: n, outputRow: y, group: group, into: &patches)
                    multiply(patches, group: group, row: row, into: results)
                }
            }
        }
    }

    /// Stores a row of pixels, as seen by the filters of one group: each filter times each patch.
    private func multiply(_ patches: [Int64], group: Int, row: Int, into results: ExactResults) {
        let (width, taps) = (geometry.outputWidth, geometry.productsPerOutput)
        patches.withUnsafeBufferPointer { patches in
            filter.withUnsafeBufferPointer { filter in
                for f in group * geometry.filtersPerGroup..<(group + 1) * geometry.filtersPerGroup {
                    let weights = filter.baseAddress! + f * taps
                    let bias = operands.bias?[f] ?? 0
                    for x in 0..<width {
                        let (sum, magnitude) = dot(patches.baseAddress! + x * taps, weights, count: taps)
                        results.store(
                            operands.rounded(sum + bias), magnitude: operands.rounded(magnitude + abs(bias)),
                            at: (row * width + x) * geometry.filters + f)
                    }
                }
            }
        }
    }
}

/// The sum of the products of two lists, and the sum of their magnitudes.
private func dot(
    _ first: UnsafePointer<Int64>, _ second: UnsafePointer<Int64>, count: Int
) -> (sum: Int64, magnitude: Int64) {
    var sum: Int64 = 0
    var magnitude: UInt64 = 0
    for index in 0..<count {
        let product = first[index] &* second[index]
        sum &+= product
        magnitude &+= product.magnitude
    }
    return (sum, Int64(magnitude))
}
