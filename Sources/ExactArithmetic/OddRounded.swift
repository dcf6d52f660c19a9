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

    /// The sum of two numbers, of which no partial result leaves float64's range.
    ///
    /// The error of a sum is a number of float64. Source: D. E. Knuth, The Art of Computer Programming, vol. 2, 4.2.2.
    @inline(__always)
    init(_ first: Double, plus second: Double) {
        let sum = first + second
        let share = sum - first
        let error = (first - (sum - share)) + (second - share)
        nearest = sum
        odd = OddRounded.odd(sum, error: error)
    }

    /// A real number rounded to odd that is rounded to nearest as `nearest` and lies beyond it as `error` is signed.
    @inline(__always)
    static func odd(_ nearest: Double, error: Double) -> Double {
        let bits = nearest.bitPattern
        // Of one sign the real number is larger in magnitude.
        let step = Int64(bitPattern: bits ^ error.bitPattern) >> 63 | 1
        let isMoved = error != 0 && bits & 1 == 0
        return Double(bitPattern: bits &+ (isMoved ? UInt64(bitPattern: step) : 0))
    }

    /// How far the number rounded to odd lies from the nearest one, in bit patterns: -1, 0 or 1.
    @inline(__always)
    var steps: Int8 { Int8(truncatingIfNeeded: odd.bitPattern &- nearest.bitPattern) }

    /// significand x 2^exponent, negated where `isNegative`.
    ///
    /// - Parameters:
    ///   - significand: where `isTruncated`, its highest bit is set.
    ///   - isTruncated: the real number is larger in magnitude, by less than one unit of `significand`.
    init(isNegative: Bool, significand: UInt64, isTruncated: Bool = false, exponent: Int) {
        let sticky = significand | (isTruncated ? 1 : 0)
        let bits = UInt64.bitWidth - significand.leadingZeroBitCount
        // Below the normal numbers of float64 fewer bits are kept.
        let kept = min(Double.significandBitCount + 1, exponent + bits + 1074)
        let cut = max(bits - kept, 0)
        nearest = OddRounded.number(isNegative, OddRounded.shifted(sticky, cut, isNearest: true), exponent + cut)
        odd = OddRounded.number(isNegative, OddRounded.shifted(sticky, cut, isNearest: false), exponent + cut)
    }

    /// A number without its `cut` lowest bits, rounded to nearest even or to odd.
    private static func shifted(_ number: UInt64, _ cut: Int, isNearest: Bool) -> UInt64 {
        if cut == 0 { return number }
        if cut > UInt64.bitWidth { return isNearest || number == 0 ? 0 : 1 }
        let (quotient, rest) = (cut == 64 ? 0 : number >> cut, cut == 64 ? number : number & (1 << cut - 1))
        let half: UInt64 = 1 << (cut - 1)
        if isNearest { return quotient + (rest > half || (rest == half && quotient & 1 == 1) ? 1 : 0) }
        return quotient | (rest == 0 ? 0 : 1)
    }

    /// A number of at most 53 bits x 2^exponent; an infinity beyond float64.
    private static func number(_ isNegative: Bool, _ significand: UInt64, _ exponent: Int) -> Double {
        let magnitude =
            (-1022...970).contains(exponent)
            ? Double(significand) * powerOfTwo(exponent)
            : Double(sign: .plus, exponent: exponent, significand: Double(significand))
        return isNegative ? -magnitude : magnitude
    }

    /// The least float32 that is not below the real number.
    var floatRoundedUp: Float {
        let nearest = Float(odd)
        return Double(nearest) < odd ? nearest.nextUp : nearest
    }
}

extension Double {
    /// The least float32 that is not below the number, which is not negative; of NaN NaN.
    @inline(__always)
    var floatRoundedUp: Float {
        let nearest = Float(self)
        return Double(nearest) < self ? Float(bitPattern: nearest.bitPattern &+ 1) : nearest
    }
}
