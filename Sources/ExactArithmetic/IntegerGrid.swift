/// The coarsest power of two that divides each of a list of finite numbers.
///
/// On it the numbers are integers, whose sums and products are exact as long as they fit in the integer type.
struct IntegerGrid: Equatable {
    /// Every number is a multiple of 2^exponent; 0 where all are zero.
    let exponent: Int
    /// The largest magnitude, in units of the grid.
    let largest: Double

    /// The grid of a list of numbers, or `nil` where one is NaN or infinite.
    init?(_ values: [Double]) {
        // A finite float64 is an integer of 53 bits x 2^(max(exponent bits, 1) - 1075).
        var least = Int.max
        var largest: UInt64 = 0
        for value in values {
            let magnitude = value.bitPattern & 0x7FFF_FFFF_FFFF_FFFF
            if magnitude == 0 { continue }
            let exponentBits = Int(magnitude >> 52)
            let significand = magnitude & 0xF_FFFF_FFFF_FFFF | (exponentBits == 0 ? 0 : 0x10_0000_0000_0000)
            least = min(least, max(exponentBits, 1) - 1075 + significand.trailingZeroBitCount)
            largest = max(largest, magnitude)
        }
        if largest >= Double.infinity.bitPattern { return nil }
        exponent = largest == 0 ? 0 : least
        // In two steps, since a power of two may be beyond float64 where the quotient is not.
        let half = exponent / 2
        self.largest = Double(bitPattern: largest) * powerOfTwo(-half) * powerOfTwo(half - exponent)
    }
}

/// The numbers in units of 2^exponent.
///
/// - Precondition: each is a multiple.
func wholeNumbers(_ values: [Double], exponent: Int) -> [Double] {
    if exponent == 0 { return values }
    let scale = powerOfTwo(-exponent)
    return values.map { $0 * scale }
}

/// 2^exponent.
///
/// - Precondition: it is a normal number of float64.
func powerOfTwo(_ exponent: Int) -> Double {
    precondition((-1022...1023).contains(exponent), "2^\(exponent) is no normal number")
    return Double(sign: .plus, exponentBitPattern: UInt(1023 + exponent), significandBitPattern: 0)
}
