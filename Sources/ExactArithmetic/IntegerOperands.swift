internal import Convolution

/// The operands of a convolution as whole numbers, each in units of its grid: float32 numbers have 24 bits, so that
/// float64 holds them whatever the units are.
struct IntegerOperands {
    let geometry: Geometry
    /// `[batch, height, width, channels]`.
    let input: [Double]
    /// `[kernel height, kernel width, channels / groups, filters]`.
    let filter: [Double]
    /// In units of 2^exponent.
    let bias: [Int64]?
    /// Sums are in units of 2^exponent.
    let exponent: Int
    /// The largest magnitude in `input`.
    let largestInput: Double
    /// The largest magnitude in `filter`.
    let largestWeight: Double

    /// - Parameters:
    ///   - input: numbers of float32 in logical memory order.
    ///   - filter: likewise.
    /// - Returns: `nil` where there are no products, a number is not finite, or a sum might leave 62 bits.
    init?(geometry: Geometry, input: [Double], filter: [Double], bias: [Double]?) {
        guard geometry.productsPerOutput > 0, let inputGrid = IntegerGrid(input),
            let filterGrid = IntegerGrid(filter), let biasGrid = IntegerGrid(bias ?? [])
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
        self.largestInput = largestInput
        self.largestWeight = filterGrid.largest
        self.input = wholeNumbers(input, exponent: inputExponent)
        self.filter = wholeNumbers(filter, exponent: filterGrid.exponent)
        self.bias = bias.map { wholeNumbers($0, exponent: exponent).map { Int64($0) } }
    }

    /// A sum of products in units of 2^exponent, rounded.
    func rounded(_ sum: Int64) -> OddRounded {
        OddRounded(isNegative: sum < 0, significand: sum.magnitude, exponent: exponent)
    }
}
