import Convolution
import Testing
import _TestSupport

/// Rounding to bfloat16 against its definition: a bfloat16 is the float32 whose lower half is zero.
@Suite struct BFloat16Tests {
    /// The magnitudes below infinity: 0x7F80 is infinity.
    static let finite: Range<UInt16> = 0..<0x7F80

    @Test func everyPatternIsTheUpperHalfOfItsFloat32() {
        var wrong: [UInt16] = []
        for pattern in UInt16.min...UInt16.max {
            let number = BFloat16(bitPattern: pattern)
            let single = number.float
            let isRight =
                single.isNaN
                ? BFloat16(single).float.isNaN && BFloat16(single).bitPattern & 0xFF80 == pattern & 0xFF80
                : single.bitPattern == UInt32(pattern) << 16 && BFloat16(single) == number
            if !isRight { wrong.append(pattern) }
        }
        #expect(wrong.isEmpty)
    }

    /// The middle between two neighbours goes to the even one, what lies beside it to the nearer one; above the largest
    /// number lies infinity, as if it were the next.
    @Test(arguments: [0 as UInt16, 0x8000])
    func theMiddleOfEachTwoNeighboursGoesToTheEvenOne(sign: UInt16) {
        var wrong: [UInt16] = []
        for magnitude in Self.finite {
            let (pattern, next) = (magnitude | sign, magnitude + 1 | sign)
            let middle = UInt32(pattern) << 16 | 0x8000
            let roundings: [(UInt32, UInt16)] = [
                (middle, magnitude % 2 == 0 ? pattern : next), (middle - 1, pattern), (middle + 1, next),
                (UInt32(pattern) << 16 | 1, pattern), (UInt32(pattern) << 16 | 0xFFFF, next),
            ]
            for (bits, want) in roundings where BFloat16(Float(bitPattern: bits)).bitPattern != want {
                wrong.append(pattern)
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test func anyFloat32GoesToANeighbourThatIsNoFartherThanTheOther() {
        var random = RandomNumbers(seed: 30)
        var wrong: [Float] = []
        for _ in 0..<20_000 {
            let number = random.finite()
            let below = UInt16(number.magnitude.bitPattern >> 16)
            func place(_ pattern: UInt16) -> Double {
                pattern == 0x7F80 ? 0x1p128 : Double(BFloat16(bitPattern: pattern).float)
            }
            let magnitude = Double(number.magnitude)
            let (low, high) = (magnitude - place(below), place(below + 1) - magnitude)
            let isUp = high < low || high == low && below % 2 == 1
            let want = (isUp ? below + 1 : below) | (number.sign == .minus ? 0x8000 : 0)
            if BFloat16(number).bitPattern != want { wrong.append(number) }
        }
        #expect(wrong.isEmpty)
    }

    static let known: [(Float, UInt16)] = [
        (0, 0), (-0.0, 0x8000), (1, 0x3F80), (-2, 0xC000), (.infinity, 0x7F80), (-.infinity, 0xFF80),
        (0x1.FFp127, 0x7F80), (0x1.FEFFFEp127, 0x7F7F), (.greatestFiniteMagnitude, 0x7F80),
        (.leastNonzeroMagnitude, 0), (0x1p-133, 1), (0x1p-134, 0), (Float(0x1p-134).nextUp, 1), (0x3p-134, 2),
        (.leastNormalMagnitude, 0x80), (Float.leastNormalMagnitude.nextDown, 0x80),
    ]

    @Test(arguments: known)
    func knownNumbers(number: Float, pattern: UInt16) {
        #expect(BFloat16(number).bitPattern == pattern)
    }

    /// The payload of a NaN may lie in its lower half alone.
    @Test(arguments: [Float.nan, .signalingNaN, Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0xFFFF_FFFF)])
    func aNaNStaysOneWithItsSign(number: Float) {
        let rounded = BFloat16(number)
        #expect(rounded.float.isNaN)
        #expect(rounded.float.sign == number.sign)
    }
}
