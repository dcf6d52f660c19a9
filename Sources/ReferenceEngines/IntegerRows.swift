internal import Convolution

/// Integer arithmetic, exact and fast, for numbers that lie on a common grid of not too many bits.
struct IntegerRows: ExactRows {
    private let geometry: Geometry
    /// `[batch, height, width, channels]`, in units of the input's grid.
    private let input: [Int64]
    /// `[filters, kernel height, kernel width, channels / groups]`, in units of the filter's grid.
    private let filter: [Int64]
    /// In units of 2^exponent.
    private let bias: [Int64]?
    /// Sums are in units of 2^exponent.
    private let exponent: Int

    /// - Parameters:
    ///   - input: in logical memory order.
    ///   - filter: in any order.
    /// - Returns: `nil` where there are no products, a number is not finite, or a sum might leave 62 bits.
    init?(geometry: Geometry, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) {
        guard geometry.productsPerOutput > 0, let inputGrid = IntegerGrid(input.elements),
            let filterGrid = IntegerGrid(filter.elements), let biasGrid = IntegerGrid(bias ?? [])
        else { return nil }
        let productExponent = inputGrid.exponent + filterGrid.exponent
        let exponent = biasGrid.largest == 0 ? productExponent : min(productExponent, biasGrid.exponent)
        let inputExponent = exponent - filterGrid.exponent

        let largestInput = inputGrid.largest * powerOfTwo(inputGrid.exponent - inputExponent)
        let largestBias = biasGrid.largest * powerOfTwo(biasGrid.exponent - exponent)
        let largestSum = Double(geometry.productsPerOutput) * largestInput * filterGrid.largest + largestBias
        guard max(largestInput, filterGrid.largest, largestSum) < 0x1p62 else { return nil }

        self.geometry = geometry
        self.exponent = exponent
        self.input = integers(input.elements, exponent: inputExponent)
        self.filter = integers(filter.reordered(to: FilterLayout.ohwi.order).elements, exponent: filterGrid.exponent)
        self.bias = bias.map { integers($0, exponent: exponent) }
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
                    let bias = bias?[f] ?? 0
                    for x in 0..<width {
                        let (sum, magnitude) = dot(patches.baseAddress! + x * taps, weights, count: taps)
                        results.store(
                            rounded(sum + bias), magnitude: rounded(magnitude + abs(bias)),
                            at: (row * width + x) * geometry.filters + f)
                    }
                }
            }
        }
    }

    private func rounded(_ sum: Int64) -> OddRounded {
        OddRounded(isNegative: sum < 0, significand: sum.magnitude, exponent: exponent)
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
