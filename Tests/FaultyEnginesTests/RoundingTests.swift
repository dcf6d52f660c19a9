import Testing

@testable import FaultyEngines

@Suite struct RoundingTests {
    @Test func tf32KeepsTenFractionBits() {
        #expect((1 + 0x1p-10 as Float).inTF32 == 1 + 0x1p-10)
        #expect((1 + 0x1p-11 as Float).inTF32 == 1)
        #expect((1 + 0x3p-11 as Float).inTF32 == 1 + 0x1p-9)
        #expect((1 + 0x1.1p-11 as Float).inTF32 == 1 + 0x1p-10)
        #expect((-1 - 0x1.1p-11 as Float).inTF32 == -1 - 0x1p-10)
        #expect(Float.infinity.inTF32 == .infinity)
        #expect(Float.nan.inTF32.isNaN)
    }

    @Test func bfloat16KeepsSevenFractionBits() {
        #expect((1 + 0x1p-7 as Float).inBFloat16 == 1 + 0x1p-7)
        #expect((1 + 0x1p-8 as Float).inBFloat16 == 1)
        #expect((3.14159274 as Float).inBFloat16 == 3.140625)
    }

    @Test func float16HasARange() {
        #expect((65504 as Float).inFloat16 == 65504)
        #expect((65519 as Float).inFloat16 == 65504)
        #expect((65520 as Float).inFloat16 == .infinity)
        #expect((-70000 as Float).inFloat16 == -.infinity)
        #expect((0x1p-24 as Float).inFloat16 == 0x1p-24)
        #expect((0x1p-26 as Float).inFloat16 == 0)
        #expect((0x1.8p-24 as Float).inFloat16 == 0x1p-23)
        #expect((0.1 as Float).inFloat16 == 0.0999755859375)
    }

    @Test func choppingGoesTowardsZero() {
        #expect(Float.chopped(1 + 0x1.fp-24) == 1)
        #expect(Float.chopped(-1 - 0x1.fp-24) == -1)
        #expect(Float.chopped(0.1) == (0.1 as Float).nextDown)
        #expect((1.9999999 as Float).cut(toFractionBits: 3) == 1.875)
    }

    @Test func subnormalsAreFlushed() {
        #expect(Float.leastNonzeroMagnitude.flushed == 0)
        #expect(Float.leastNormalMagnitude.flushed == .leastNormalMagnitude)
        #expect((-Float.leastNonzeroMagnitude).flushed.sign == .minus)
    }
}
