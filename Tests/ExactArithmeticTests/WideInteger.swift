/// An integer of 4480 bits in two's complement, in units of 2^-2200: wide enough for exact sums of float64 products.
///
/// It shares nothing with the accumulator that it checks: limbs are added with a ripple carry, bits are set one by one.
struct WideInteger: Equatable {
    private static let limbCount = 70
    private static let unit = -2200

    private var limbs = [UInt64](repeating: 0, count: limbCount)

    /// Zero.
    init() {}

    /// magnitude x 2^exponent, negated where `isNegative`.
    private init(_ magnitude: UInt128, exponent: Int, isNegative: Bool) {
        if magnitude == 0 { return }
        let place = exponent - WideInteger.unit + magnitude.trailingZeroBitCount
        precondition(place >= 0, "no multiple of the unit")
        let odd = magnitude >> UInt128(magnitude.trailingZeroBitCount)
        for bit in 0..<128 where odd >> UInt128(bit) & 1 == 1 {
            limbs[(place + bit) / 64] |= 1 << UInt64((place + bit) % 64)
        }
        if isNegative { self = -self }
    }

    /// A finite number.
    init(_ value: Double) { self.init(value, times: 1) }

    /// The exact product of two finite numbers.
    init(_ first: Double, times second: Double) {
        func integer(_ value: Double) -> (UInt128, Int) {
            let hidden: UInt64 = value.exponentBitPattern == 0 ? 0 : 1 << 52
            return (UInt128(value.significandBitPattern | hidden), max(Int(value.exponentBitPattern), 1) - 1075)
        }
        let (first, second, isNegative) = (integer(first), integer(second), first.sign != second.sign)
        self.init(first.0 * second.0, exponent: first.1 + second.1, isNegative: isNegative)
    }

    /// The exact product of two finite numbers.
    init(_ first: Float, times second: Float) { self.init(Double(first), times: Double(second)) }

    var isNegative: Bool { limbs[WideInteger.limbCount - 1] >> 63 == 1 }
    var isZero: Bool { limbs.allSatisfy { $0 == 0 } }

    static func + (left: WideInteger, right: WideInteger) -> WideInteger {
        var (sum, carry) = (left, false)
        for index in 0..<limbCount {
            let (first, overflow) = left.limbs[index].addingReportingOverflow(right.limbs[index])
            let (second, again) = first.addingReportingOverflow(carry ? 1 : 0)
            sum.limbs[index] = second
            carry = overflow || again
        }
        return sum
    }

    static prefix func - (value: WideInteger) -> WideInteger {
        var (complement, one) = (WideInteger(), WideInteger())
        for index in 0..<limbCount { complement.limbs[index] = ~value.limbs[index] }
        one.limbs[0] = 1
        return complement + one
    }
}

extension WideInteger: Comparable {
    static func < (left: WideInteger, right: WideInteger) -> Bool { (left + -right).isNegative }
}

/// Whether a rounding of an exact number is right, by the definition of rounding.
extension WideInteger {
    /// Whether `result` is this number rounded to nearest float64, ties to even, overflowing to infinity.
    func isNearest(_ result: Double) -> Bool {
        if result.isInfinite { return reaches(.greatestFiniteMagnitude, isNegative: result < 0) }
        return isNearest(
            WideInteger(result), below: WideInteger.place(of: result.nextDown),
            above: WideInteger.place(of: result.nextUp), isEven: result.bitPattern & 1 == 0)
    }

    /// Whether `result` is this number rounded to nearest float32, ties to even, overflowing to infinity.
    func isNearest(_ result: Float) -> Bool {
        if result.isInfinite { return reaches(Double(Float.greatestFiniteMagnitude), isNegative: result < 0) }
        return isNearest(
            WideInteger(Double(result)), below: WideInteger.place(of: result.nextDown),
            above: WideInteger.place(of: result.nextUp), isEven: result.bitPattern & 1 == 0)
    }

    /// Whether `result` is the least float32 that is not below this number, which is not negative.
    func isRoundedUp(_ result: Float) -> Bool {
        if result == 0 { return isZero }
        return self > WideInteger.place(of: result.nextDown)
            && (result.isInfinite || self <= WideInteger.place(of: result))
    }

    /// Whether this number is at least half a unit in the last place beyond the largest of a type.
    private func reaches(_ greatest: Double, isNegative: Bool) -> Bool {
        let magnitude = isNegative ? -self : self
        let power = Double(sign: .plus, exponent: greatest.exponent, significand: 1)
        return magnitude + magnitude >= WideInteger(greatest) + WideInteger(power) + WideInteger(power)
    }

    private func isNearest(_ result: WideInteger, below: WideInteger, above: WideInteger, isEven: Bool) -> Bool {
        let (twice, low, high) = (self + self, below + result, result + above)
        return isEven ? twice >= low && twice <= high : twice > low && twice < high
    }

    /// Infinity takes the place of 2^128, where the next float32 would be if there were one.
    private static func place(of value: Float) -> WideInteger {
        WideInteger(value.isFinite ? Double(value) : value < 0 ? -0x1p128 : 0x1p128)
    }

    /// Infinity takes the place of 2^1024.
    private static func place(of value: Double) -> WideInteger {
        value.isFinite ? WideInteger(value) : WideInteger(0x1p1023, times: value < 0 ? -2 : 2)
    }
}
