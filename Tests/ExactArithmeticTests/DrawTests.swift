import Convolution
import Testing

@testable import ExactArithmetic

@Suite struct DrawTests {
    @Test func wholeNumbersFillTheirBound() {
        let numbers = Draw(bound: 3).elements(count: 1000, stream: .input, seed: 42)
        #expect(Set(numbers) == [-3, -2, -1, 0, 1, 2, 3])
    }

    @Test func realsLieOnTheirGridWithMixedSigns() {
        let numbers = Draw(bound: nil).elements(count: 1000, stream: .filter, seed: 42)
        #expect(numbers.allSatisfy { $0 >= -1 && $0 < 1 && ($0 * 0x1p23).rounded() == $0 * 0x1p23 })
        #expect((400...600).contains(numbers.count { $0 < 0 }))
        #expect(Set(numbers).count == 1000)
    }

    /// A tensor is drawn a block at a time.
    @Test(arguments: ElementType.allCases) func aTensorHasTheSameElements(type: ElementType) {
        for bound in [100, nil] as [UInt64?] where bound != nil || type != .int32 {
            let draw = Draw(bound: bound, type: type)
            for shape in [[2, 57, 9, 11], [1, 1, 1, 4096], [0, 3, 3, 3]] as [Shape] {
                let numbers = draw.elements(count: shape.count, stream: .output, seed: 7)
                let tensor = draw.tensor(shape, stream: .output, seed: 7)
                #expect(tensor == AnyTensor(nearest: numbers, type: type, shape: shape), "\(type) \(shape)")
            }
        }
    }

    @Test func streamsDiffer() {
        let draws = [Draw.Stream.input, .filter, .bias].map {
            Draw(bound: nil).elements(count: 4, stream: $0, seed: 42)
        }
        #expect(Set(draws).count == 3)
    }

    /// By the rule in the doc comment, worked out with Python's integers: seed 42.
    @Test(arguments: [
        (ElementType.float64, Draw.Stream.input, [-0x1.40F02A2CD77C8p-2, 0x1.D2AF450FFAC90p-1, -0x1.BF4C639F6B800p-6]),
        (.float64, .output, [-0x1.48D38C6016A1Cp-1, 0x1.EC8CACE26377Cp-2, 0x1.B0A600BC58D3Cp-1]),
        (.float32, .input, [-0x1.40F03p-2, 0x1.D2AF44p-1, -0x1.BF4C8p-6]),
        (.float32, .output, [-0x1.48D39p-1, 0x1.EC8CA8p-2, 0x1.B0A6p-1]),
        (.float16, .input, [-0x1.41p-2, 0x1.D28p-1, -0x1.Cp-6]),
        (.float16, .output, [-0x1.49p-1, 0x1.ECp-2, 0x1.B08p-1]),
        (.bfloat16, .input, [-0x1.48p-2, 0x1.Dp-1, -0x1p-5]), (.bfloat16, .output, [-0x1.4Cp-1, 0x1.E8p-2, 0x1.Bp-1]),
        (.int8, .filter, [124, -49, 1, 47, 21, -32]), (.uint8, .filter, [252, 79, 129, 175, 149, 96]),
    ])
    func knownNumbersOfEachType(type: ElementType, stream: Draw.Stream, want: [Double]) {
        #expect(Draw(bound: nil, type: type).elements(count: want.count, stream: stream, seed: 42) == want)
    }

    @Test func knownWholeNumbers() {
        #expect(
            Draw(bound: 1 << 24 - 1, type: .float64).elements(count: 4, stream: .output, seed: 42)
                == [-10_774_984, 8_069_930, 14_177_024, 8_513_712])
        #expect(
            Draw(bound: 1 << 36, type: .float64).elements(count: 2, stream: .bias, seed: 42)
                == [-68_667_785_216, 40_364_589_056])
    }

    /// All p bits of a significand are used, and no more: the type holds every number.
    @Test(arguments: [ElementType.float64, .float32, .float16, .bfloat16])
    func realsHaveTheBitsOfTheirType(type: ElementType) throws {
        let bits = try #require(type.format).significandBits
        let numbers = Draw(bound: nil, type: type).elements(count: 2000, stream: .input, seed: 43)
        let units = numbers.map { $0 * Double(sign: .plus, exponent: bits - 1, significand: 1) }
        #expect(units.allSatisfy { $0 == $0.rounded() })
        #expect((800...1200).contains(units.count { $0.remainder(dividingBy: 2) != 0 }))
        #expect(numbers.allSatisfy { $0 >= -1 && $0 < 1 })
        #expect(AnyTensor(nearest: numbers, type: type, shape: [1, 1, 1, 2000]).doubles.elements == numbers)
        #expect((800...1200).contains(numbers.count { $0 < 0 }))
    }

    @Test(arguments: [ElementType.int8, .uint8])
    func wholeNumbersOf8BitsAreAllOfThem(type: ElementType) throws {
        let range = try #require(type.range)
        let numbers = Draw(bound: nil, type: type).elements(count: 5000, stream: .input, seed: 44)
        #expect(Set(numbers) == Set(range.map { Double($0) }))
    }
}
