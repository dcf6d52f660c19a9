/// A sum of products of float32 numbers, exact whatever their magnitudes and their number.
///
/// A fixed-point accumulator (Kulisch's) wide enough for every product: digits of 32 bits, held in 64 so that carries can
/// wait. Source: R. M. Neal, "Fast Exact Summation Using Small and Large Superaccumulators", arXiv:1505.05571, 2015.
///
/// NaN and infinities are added as IEEE 754 does: infinity x 0 and infinity - infinity are NaN. A sum of exactly zero
/// is +0.
struct ExactSum: ~Copyable {
    /// The place value of the lowest digit's lowest bit. A product is a multiple of 2^-298, and as a float64 of 53 bits
    /// its lowest bit is worth at least 2^-350.
    private static let lowestExponent = -352
    /// Digits for 2^63 products below 2^256, and a sign.
    private static let digitCount = 22
    private static let digitBits = 32
    private static let digitMask: Int64 = 0xFFFF_FFFF

    /// Digits, lowest first: the sum is that of digits[i] * 2^(32 i + lowestExponent).
    private let digits: UnsafeMutablePointer<Int64>
    /// The sum of the terms that are not finite; 0 where there are none.
    private var nonFinite = 0.0
    /// Additions that the digits can still take without a carry. One addition changes a digit by less than 2^32.
    private var room: Int
    private let carryInterval: Int

    /// Zero.
    ///
    /// - Parameter carryInterval: additions between two propagations of carries, at most 2^30.
    init(carryInterval: Int = 1 << 30) {
        precondition((1...1 << 30).contains(carryInterval), "digits of 64 bits hold at most 2^30 additions")
        digits = .allocate(capacity: ExactSum.digitCount)
        digits.initialize(repeating: 0, count: ExactSum.digitCount)
        self.carryInterval = carryInterval
        room = carryInterval
    }

    deinit {
        digits.deallocate()
    }

    /// Makes the sum zero.
    mutating func reset() {
        digits.update(repeating: 0, count: ExactSum.digitCount)
        nonFinite = 0
        room = carryInterval
    }

    /// Adds the exact product of two numbers.
    mutating func add(_ first: Float, times second: Float) {
        // Exact: 24 bits times 24 bits fit in 53, and the exponent of a product is within float64's.
        let bits = (Double(first) * Double(second)).bitPattern
        let exponentBits = Int(bits >> 52) & 0x7FF
        if exponentBits == 0x7FF {
            nonFinite += Double(bitPattern: bits)
            return
        }
        // A product is zero or a normal number of float64: its 53-bit significand x 2^(exponentBits - 1075).
        if exponentBits == 0 { return }
        if room == 0 { propagateCarries() }
        room -= 1
        let significand = Int64(bits & 0xF_FFFF_FFFF_FFFF | 0x10_0000_0000_0000)
        let place = UInt(exponentBits - 1075 - ExactSum.lowestExponent)
        let shifted = Int128(bits >> 63 == 0 ? significand : -significand) << Int128(place % 32)
        let digit = digits + Int(place / 32)
        digit[0] += Int64(truncatingIfNeeded: shifted) & ExactSum.digitMask
        digit[1] += Int64(truncatingIfNeeded: shifted >> 32) & ExactSum.digitMask
        digit[2] += Int64(truncatingIfNeeded: shifted >> 64)
    }

    /// Brings every digit but the highest into 0 ..< 2^32; the highest then has the sign of the sum.
    private mutating func propagateCarries() {
        var carry: Int64 = 0
        for index in 0..<ExactSum.digitCount - 1 {
            let digit = digits[index] + carry
            digits[index] = digit & ExactSum.digitMask
            carry = digit >> ExactSum.digitBits
        }
        digits[ExactSum.digitCount - 1] += carry
        room = carryInterval
    }

    /// The sum, rounded once.
    mutating func rounded() -> OddRounded {
        if nonFinite != 0 || nonFinite.isNaN { return OddRounded(nonFinite) }
        propagateCarries()
        let isNegative = digits[ExactSum.digitCount - 1] < 0
        if isNegative {
            negate()
        }
        defer { if isNegative { negate() } }
        guard let top = (0..<ExactSum.digitCount).last(where: { digits[$0] != 0 }) else { return OddRounded(0) }
        // The 96 bits from the highest digit on, moved up until the first is set: 64 to keep, 32 of what is cut off.
        let bits = [0, 1, 2].map { top >= $0 ? UInt128(digits[top - $0]) : 0 }
        let window = bits[0] << 64 | bits[1] << 32 | bits[2]
        let shift = window.leadingZeroBitCount
        let normalized = window << UInt128(shift)
        let isTruncated =
            normalized & UInt128(UInt64.max) != 0 || (0..<max(top - 2, 0)).contains { digits[$0] != 0 }
        return OddRounded(
            isNegative: isNegative, significand: UInt64(normalized >> 64), isTruncated: isTruncated,
            exponent: (top - 2) * ExactSum.digitBits + ExactSum.lowestExponent + 64 - shift)
    }

    private mutating func negate() {
        for index in 0..<ExactSum.digitCount {
            digits[index] = -digits[index]
        }
        propagateCarries()
    }
}
