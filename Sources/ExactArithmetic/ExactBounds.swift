/// How sums of products of two lists of numbers stay exact in floating point, by the grids that the numbers lie on.
///
/// Every number is a whole multiple of its list's grid, so a product is one of 2^exponent, and a sum of products is exact in
/// every order as long as it stays below 2^p such units, with p the significand's bits.
struct ExactBounds {
    /// What is needed for exact sums.
    enum Way: Equatable {
        /// Sums in float32.
        case float32
        /// Sums in float64.
        case float64
        /// Sums in float64 with the second factor in two parts, second = high + low, high the nearest multiple of `unit`; and
        /// with a bias in two parts likewise, high a multiple of `biasUnit`.
        case halves(unit: Double, biasUnit: Double)
    }

    let way: Way
    /// Of which every product and the bias are whole multiples: a power of two.
    let unit: Double

    /// - Parameter products: the most that are summed.
    /// - Returns: `nil` where a number is not finite, or the grids are so fine, or so far apart, that a sum may not be exact.
    init?(_ factors: Factors, bias: [Double]?, products: Int) {
        let grids: (first: IntegerGrid?, second: IntegerGrid?) =
            switch factors {
            case .float(let first, let second): (IntegerGrid(first), IntegerGrid(second))
            case .double(let first, let second): (IntegerGrid(first), IntegerGrid(second))
            }
        guard let first = grids.first, let second = grids.second, let bias = IntegerGrid(bias ?? []) else { return nil }
        // Within these neither products nor their errors meet an end of float64.
        guard [first, second, bias].allSatisfy({ abs($0.exponent) <= 300 && $0.largest < 0x1p100 }) else { return nil }
        let products = Double(products)
        let exponent = first.exponent + second.exponent
        let unit = bias.largest == 0 ? exponent : min(exponent, bias.exponent)
        // In units of 2^unit.
        let (scale, biasScale) = (powerOfTwo(exponent - unit), powerOfTwo(bias.largest == 0 ? 0 : bias.exponent - unit))
        self.unit = powerOfTwo(unit)
        let largest = max(products * first.largest * second.largest * scale + bias.largest * biasScale, 0)
        if max(largest, first.largest, second.largest) <= 0x1p24, abs(first.exponent) <= 60, abs(second.exponent) <= 60,
            abs(unit) <= 100
        {
            way = .float32
            return
        }
        if largest <= 0x1p53 {
            way = .float64
            return
        }
        let lowBits = (Int(second.largest.exponent) + 2) / 2
        let half = powerOfTwo(lowBits)
        let low = products * first.largest * (half / 2) * scale + (half / 2) * scale
        let highBias = bias.largest * biasScale / scale / half + 1
        let high = products * first.largest * (second.largest / half + 1) + highBias
        guard low <= 0x1p53, high <= 0x1p53, highBias <= 0x1p50 else { return nil }
        way = .halves(
            unit: powerOfTwo(second.exponent + lowBits), biasUnit: powerOfTwo(exponent + lowBits))
    }

    /// The nearest multiple of a power of two, to even: a number's high part.
    ///
    /// - Precondition: the number is below 2^51 such multiples.
    @inline(__always)
    static func high(_ number: Double, unit: Double) -> Double {
        let shift = unit * 0x3p51
        return (number + shift) - shift
    }
}
