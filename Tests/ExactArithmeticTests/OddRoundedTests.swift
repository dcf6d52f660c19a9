import Testing
import _TestSupport

@testable import ExactArithmetic

/// Roundings of integers of 64 bits against big integers, with and without a remainder.
@Suite struct OddRoundedTests {
    @Test func integersOfEveryLength() {
        var random = RandomNumbers(seed: 3)
        for bits in 0...64 {
            for pattern in [0, .max, 0x5555_5555_5555_5555, random.next(), random.next()] {
                let significand = bits == 0 ? 0 : pattern >> UInt64(64 - bits) | 1 << UInt64(bits - 1)
                for exponent in [-298, -180, -149, -140, 0, 64] {
                    for isNegative in [false, true] {
                        check(significand, exponent, isNegative)
                    }
                }
            }
        }
    }

    private func check(_ significand: UInt64, _ exponent: Int, _ isNegative: Bool) {
        let rounded = OddRounded(isNegative: isNegative, significand: significand, exponent: exponent)
        // Both halves are float64 numbers, so that their sum is the integer, exactly.
        let halves = [significand & ~0xFFFF_FFFF, significand & 0xFFFF_FFFF].map {
            WideInteger(Double($0) * powerOfTwo(exponent) * (isNegative ? -1 : 1))
        }
        let exact = halves[0] + halves[1]
        #expect(exact.isNearest(rounded.nearest), "\(significand) 2^\(exponent)")
        #expect(exact.isNearest(Float(rounded.odd)), "\(significand) 2^\(exponent)")
        #expect(isNegative || exact.isRoundedUp(rounded.floatRoundedUp), "\(significand) 2^\(exponent)")
    }

    /// What was cut off counts for a tie and for rounding up, and for nothing else.
    @Test func truncatedNumbersLieAbove() {
        let tie: UInt64 = 1 << 63 | 1 << 39
        #expect(OddRounded(isNegative: false, significand: tie, exponent: -63).float == 1)
        let above = OddRounded(isNegative: false, significand: tie, isTruncated: true, exponent: -63)
        #expect(above.float == Float(1).nextUp)
        let one = OddRounded(isNegative: false, significand: 1 << 63, isTruncated: true, exponent: -63)
        #expect(one.nearest == 1)
        #expect(one.float == 1)
        #expect(one.floatRoundedUp == Float(1).nextUp)
        let below = OddRounded(isNegative: true, significand: 1 << 63, isTruncated: true, exponent: -63)
        #expect(below.floatRoundedUp == -1)
    }

    /// Rounded to odd, a number lies between its neighbours in float64, and never on an even one unless it is that number.
    @Test func theEndsOfFloat64() {
        let least = Double.leastNonzeroMagnitude
        func rounded(_ significand: UInt64, _ exponent: Int, isTruncated: Bool = false) -> OddRounded {
            OddRounded(isNegative: false, significand: significand, isTruncated: isTruncated, exponent: exponent)
        }
        func check(
            _ rounded: OddRounded, nearest: Double, odd: Double, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(rounded.nearest == nearest, sourceLocation: sourceLocation)
            #expect(rounded.odd == odd, sourceLocation: sourceLocation)
        }
        check(rounded(1, -1074), nearest: least, odd: least)
        check(rounded(1, -1075), nearest: 0, odd: least)
        check(rounded(3, -1075), nearest: 2 * least, odd: least)
        check(rounded(5, -1075), nearest: 2 * least, odd: 3 * least)
        check(rounded(1, -1200), nearest: 0, odd: least)
        check(rounded(1 << 63, -1138), nearest: 0, odd: least)
        check(rounded(1 << 63, -1138, isTruncated: true), nearest: least, odd: least)
        check(rounded(1 << 63, -1139), nearest: 0, odd: least)
        check(rounded(.max, -1138), nearest: least, odd: least)
        check(rounded(1 << 53 - 1, -1075), nearest: .leastNormalMagnitude, odd: Double.leastNormalMagnitude.nextDown)
        check(rounded(1 << 53 - 1, 971), nearest: .greatestFiniteMagnitude, odd: .greatestFiniteMagnitude)
        check(rounded(1 << 54 - 1, 970), nearest: .infinity, odd: .greatestFiniteMagnitude)
        check(rounded(1 << 55 - 3, 969), nearest: .greatestFiniteMagnitude, odd: .greatestFiniteMagnitude)
        check(rounded(1, 1024), nearest: .infinity, odd: .infinity)
        check(rounded(0, 2000), nearest: 0, odd: 0)
        #expect(OddRounded(isNegative: true, significand: 1, exponent: -1075).nearest.sign == .minus)
    }
}
