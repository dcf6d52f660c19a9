/// A real number rounded once to float64, in the two ways that serve every further need.
///
/// Rounding to odd (truncate; where anything was cut off, set the last bit) keeps what a second rounding to at least two
/// bits fewer must know, so that rounding `odd` to float32 in any direction gives what rounding the real number would.
/// Source: S. Boldo, G. Melquiond, "Emulation of a FMA and Correctly Rounded Sums: Proved Algorithms Using Rounding to
/// Odd", IEEE Transactions on Computers 57(4), 2008.
struct OddRounded: Equatable {
    /// The number rounded to nearest, ties to even.
    let nearest: Double
    /// The number rounded to odd.
    let odd: Double

    /// A number that is no real number, NaN or an infinity, or one that float64 holds exactly.
    init(_ value: Double) {
        nearest = value
        odd = value
    }

    /// significand x 2^exponent, negated where `isNegative`.
    ///
    /// - Parameters:
    ///   - significand: where `isTruncated`, its highest bit is set.
    ///   - isTruncated: the real number is larger in magnitude, by less than one unit of `significand`.
    ///   - exponent: so that the number is a normal number of float64, as every sum of float32 products is.
    init(isNegative: Bool, significand: UInt64, isTruncated: Bool = false, exponent: Int) {
        let unit = isNegative ? -powerOfTwo(exponent) : powerOfTwo(exponent)
        let sticky = significand | (isTruncated ? 1 : 0)
        let excess = max(UInt64.bitWidth - significand.leadingZeroBitCount - (Double.significandBitCount + 1), 0)
        let cut = sticky & (1 << excess - 1)
        let kept = sticky - cut | (cut == 0 ? 0 : 1 << excess)
        nearest = Double(sticky) * unit
        odd = Double(kept) * unit
    }

    /// The real number rounded to float32, to nearest, ties to even.
    var float: Float { Float(odd) }

    /// The least float32 that is not below the real number.
    var floatRoundedUp: Float {
        let nearest = Float(odd)
        return Double(nearest) < odd ? nearest.nextUp : nearest
    }
}
