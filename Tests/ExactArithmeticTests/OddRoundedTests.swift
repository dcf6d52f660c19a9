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
}
