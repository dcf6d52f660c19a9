/// The coarsest power of two that divides each of a list of finite numbers.
///
/// On it the numbers are integers, whose sums and products are exact as long as they fit in the integer type.
struct IntegerGrid: Equatable {
    /// Every number is a multiple of 2^exponent; 0 where all are zero.
    let exponent: Int
    /// The largest magnitude, in units of the grid.
    let largest: Double

    /// The grid of a list of numbers, or `nil` where one is NaN or infinite.
    init?(_ values: [Float]) {
        // A finite float32 is an integer of 24 bits x 2^(max(exponent bits, 1) - 150).
        var least = Int.max
        var largest: UInt32 = 0
        for value in values {
            let magnitude = value.bitPattern & 0x7FFF_FFFF
            if magnitude == 0 { continue }
            let exponentBits = Int(magnitude >> 23)
            let significand = magnitude & 0x7F_FFFF | (exponentBits == 0 ? 0 : 0x80_0000)
            least = min(least, max(exponentBits, 1) - 150 + significand.trailingZeroBitCount)
            largest = max(largest, magnitude)
        }
        if largest >= Float.infinity.bitPattern { return nil }
        exponent = largest == 0 ? 0 : least
        self.largest = Double(Float(bitPattern: largest)) * powerOfTwo(-exponent)
    }
}

/// The numbers in units of 2^exponent.
///
/// - Precondition: each is a multiple.
func wholeNumbers(_ values: [Float], exponent: Int) -> [Double] {
    let scale = powerOfTwo(-exponent)
    return values.map { Double($0) * scale }
}

/// 2^exponent.
///
/// - Precondition: it is a normal number of float64.
func powerOfTwo(_ exponent: Int) -> Double {
    precondition((-1022...1023).contains(exponent), "2^\(exponent) is no normal number")
    return Double(sign: .plus, exponentBitPattern: UInt(1023 + exponent), significandBitPattern: 0)
}
