/// An integer of 1280 bits in two's complement, in units of 2^-400: wide enough for exact sums of float32 products.
///
/// It shares nothing with the accumulator that it checks: limbs are added with a ripple carry, bits are set one by one.
struct WideInteger: Equatable {
    private static let limbCount = 40
    private static let unit = -400

    private var limbs = [UInt32](repeating: 0, count: limbCount)

    /// Zero.
    init() {}

    /// magnitude x 2^exponent, negated where `isNegative`.
    private init(_ magnitude: UInt64, exponent: Int, isNegative: Bool) {
        if magnitude == 0 { return }
        let place = exponent - WideInteger.unit + magnitude.trailingZeroBitCount
        precondition(place >= 0, "no multiple of the unit")
        let odd = magnitude >> UInt64(magnitude.trailingZeroBitCount)
        for bit in 0..<64 where odd >> UInt64(bit) & 1 == 1 {
            limbs[(place + bit) / 32] |= 1 << UInt32((place + bit) % 32)
        }
        if isNegative { self = -self }
    }

    /// A finite number.
    init(_ value: Double) {
        let hidden: UInt64 = value.exponentBitPattern == 0 ? 0 : 1 << 52
        self.init(
            value.significandBitPattern | hidden, exponent: max(Int(value.exponentBitPattern), 1) - 1075,
            isNegative: value.sign == .minus)
    }

    /// The exact product of two finite numbers.
    init(_ first: Float, times second: Float) {
        func integer(_ value: Float) -> (UInt64, Int) {
            let hidden: UInt32 = value.exponentBitPattern == 0 ? 0 : 1 << 23
            return (UInt64(value.significandBitPattern | hidden), max(Int(value.exponentBitPattern), 1) - 150)
        }
        let (first, second, isNegative) = (integer(first), integer(second), first.sign != second.sign)
        self.init(first.0 * second.0, exponent: first.1 + second.1, isNegative: isNegative)
    }

    var isNegative: Bool { limbs[WideInteger.limbCount - 1] >> 31 == 1 }
    var isZero: Bool { limbs.allSatisfy { $0 == 0 } }

    static func + (left: WideInteger, right: WideInteger) -> WideInteger {
        var (sum, carry) = (WideInteger(), UInt64(0))
        for index in 0..<limbCount {
            let limb = UInt64(left.limbs[index]) + UInt64(right.limbs[index]) + carry
            sum.limbs[index] = UInt32(truncatingIfNeeded: limb)
            carry = limb >> 32
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
    /// Whether `result` is this number rounded to nearest float64, ties to even.
    func isNearest(_ result: Double) -> Bool {
        // The neighbours of zero are below the unit, and no sum of products is.
        if result == 0 { return isZero }
        return isNearest(
            WideInteger(result), below: WideInteger(result.nextDown), above: WideInteger(result.nextUp),
            isEven: result.bitPattern & 1 == 0)
    }

    /// Whether `result` is this number rounded to nearest float32, ties to even, overflowing to infinity.
    func isNearest(_ result: Float) -> Bool {
        if result.isInfinite {
            let magnitude = result < 0 ? -self : self
            return magnitude + magnitude >= WideInteger.place(of: .greatestFiniteMagnitude) + WideInteger(0x1p128)
        }
        return isNearest(
            WideInteger.place(of: result), below: WideInteger.place(of: result.nextDown),
            above: WideInteger.place(of: result.nextUp), isEven: result.bitPattern & 1 == 0)
    }

    /// Whether `result` is the least float32 that is not below this number, which is not negative.
    func isRoundedUp(_ result: Float) -> Bool {
        if result == 0 { return isZero }
        return self > WideInteger.place(of: result.nextDown)
            && (result.isInfinite || self <= WideInteger.place(of: result))
    }

    private func isNearest(_ result: WideInteger, below: WideInteger, above: WideInteger, isEven: Bool) -> Bool {
        let (twice, low, high) = (self + self, below + result, result + above)
        return isEven ? twice >= low && twice <= high : twice > low && twice < high
    }

    /// Infinity takes the place of 2^128, where the next float32 would be if there were one.
    private static func place(of value: Float) -> WideInteger {
        WideInteger(value.isFinite ? Double(value) : value < 0 ? -0x1p128 : 0x1p128)
    }
}
