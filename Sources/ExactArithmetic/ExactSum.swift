/// A sum of products of float32 or float64 numbers, exact whatever their magnitudes and their number.
///
/// A fixed-point accumulator (Kulisch's) wide enough for every product: digits of 32 bits, held in 64 so that carries can
/// wait. Source: R. M. Neal, "Fast Exact Summation Using Small and Large Superaccumulators", arXiv:1505.05571, 2015.
///
/// NaN and infinities are added as IEEE 754 does: infinity x 0 and infinity - infinity are NaN. A sum of exactly zero
/// is +0.
struct ExactSum: ~Copyable {
    /// The place value of the lowest digit's lowest bit. A product of float32 numbers is a multiple of 2^-298, and as a
    /// float64 of 53 bits its lowest bit is worth at least 2^-350; one of float64 numbers is a multiple of 2^-2148.
    private let lowestExponent: Int
    /// Digits for 2^63 products below 2^256, or 2^2048, and a sign.
    private let digitCount: Int
    /// Whether factors are other numbers than float32's.
    private let isWide: Bool
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
    /// - Parameters:
    ///   - isWide: whether factors may be any numbers of float64; else they are float32's.
    ///   - carryInterval: additions between two propagations of carries, at most 2^30.
    init(isWide: Bool = false, carryInterval: Int = 1 << 30) {
        precondition((1...1 << 30).contains(carryInterval), "digits of 64 bits hold at most 2^30 additions")
        self.isWide = isWide
        (lowestExponent, digitCount) = isWide ? (-2176, 136) : (-352, 22)
        digits = .allocate(capacity: digitCount)
        digits.initialize(repeating: 0, count: digitCount)
        self.carryInterval = carryInterval
        room = carryInterval
    }

    deinit {
        digits.deallocate()
    }

    /// Makes the sum zero.
    mutating func reset() {
        digits.update(repeating: 0, count: digitCount)
        nonFinite = 0
        room = carryInterval
    }

    /// Adds the exact product of two numbers.
    mutating func add(_ first: Double, times second: Double) {
        if isWide { return addWide(first, times: second) }
        // Exact: 24 bits times 24 bits fit in 53, and the exponent of a product is within float64's.
        let product = first * second
        guard product.isFinite else {
            nonFinite += product
            return
        }
        // A product is zero or a normal number of float64.
        if product != 0 { add(product.magnitude.integerParts, isNegative: product < 0) }
    }

    private mutating func addWide(_ first: Double, times second: Double) {
        guard first.isFinite, second.isFinite else {
            nonFinite += first * second
            return
        }
        if first == 0 || second == 0 { return }
        let (left, right) = (first.magnitude.integerParts, second.magnitude.integerParts)
        let product = left.significand.multipliedFullWidth(by: right.significand)
        let exponent = left.exponent + right.exponent
        let isNegative = (first < 0) != (second < 0)
        // 106 bits, in two parts of which each fits in 62.
        let mask: UInt64 = 1 << 62 - 1
        if product.low & mask != 0 { add((product.low & mask, exponent), isNegative: isNegative) }
        let high = product.high << 2 | product.low >> 62
        if high != 0 { add((high, exponent + 62), isNegative: isNegative) }
    }

    /// Adds a number of less than 63 bits x 2^exponent.
    private mutating func add(_ number: (significand: UInt64, exponent: Int), isNegative: Bool) {
        if room == 0 { propagateCarries() }
        room -= 1
        let significand = Int64(number.significand)
        let place = UInt(number.exponent - lowestExponent)
        let shifted = Int128(isNegative ? -significand : significand) << Int128(place % 32)
        let digit = digits + Int(place / 32)
        digit[0] += Int64(truncatingIfNeeded: shifted) & ExactSum.digitMask
        digit[1] += Int64(truncatingIfNeeded: shifted >> 32) & ExactSum.digitMask
        digit[2] += Int64(truncatingIfNeeded: shifted >> 64)
    }

    /// Brings every digit but the highest into 0 ..< 2^32; the highest then has the sign of the sum.
    private mutating func propagateCarries() {
        var carry: Int64 = 0
        for index in 0..<digitCount - 1 {
            let digit = digits[index] + carry
            digits[index] = digit & ExactSum.digitMask
            carry = digit >> ExactSum.digitBits
        }
        digits[digitCount - 1] += carry
        room = carryInterval
    }

    /// The sum, rounded once.
    mutating func rounded() -> OddRounded {
        if nonFinite != 0 || nonFinite.isNaN { return OddRounded(nonFinite) }
        propagateCarries()
        let isNegative = digits[digitCount - 1] < 0
        if isNegative {
            negate()
        }
        defer { if isNegative { negate() } }
        guard let top = (0..<digitCount).last(where: { digits[$0] != 0 }) else { return OddRounded(0) }
        // The 96 bits from the highest digit on, moved up until the first is set: 64 to keep, 32 of what is cut off.
        let bits = [0, 1, 2].map { top >= $0 ? UInt128(digits[top - $0]) : 0 }
        let window = bits[0] << 64 | bits[1] << 32 | bits[2]
        let shift = window.leadingZeroBitCount
        let normalized = window << UInt128(shift)
        let isTruncated =
            normalized & UInt128(UInt64.max) != 0 || (0..<max(top - 2, 0)).contains { digits[$0] != 0 }
        return OddRounded(
            isNegative: isNegative, significand: UInt64(normalized >> 64), isTruncated: isTruncated,
            exponent: (top - 2) * ExactSum.digitBits + lowestExponent + 64 - shift)
    }

    private mutating func negate() {
        for index in 0..<digitCount {
            digits[index] = -digits[index]
        }
        propagateCarries()
    }
}

extension Double {
    /// A positive finite number as significand * 2^exponent.
    fileprivate var integerParts: (significand: UInt64, exponent: Int) {
        let bits = Int(exponentBitPattern)
        return (significandBitPattern | (bits == 0 ? 0 : 0x10_0000_0000_0000), Swift.max(bits, 1) - 1075)
    }
}
