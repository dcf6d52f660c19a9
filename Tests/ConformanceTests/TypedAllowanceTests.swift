import Convolution
import Foundation
import Testing
import _TestSupport

@testable import Conformance

/// What each element type allows, with the numbers worked out by hand.
@Suite struct TypedAllowanceTests {
    private static let floats: [ElementType] = [.float64, .float32, .float16, .bfloat16]

    /// The number of a type next to 3, above.
    private static func next(_ type: ElementType) -> Double {
        3 + 4 * (type.format?.unitRoundoff ?? 0.25)
    }

    @Test(arguments: floats)
    func integerDataMustBeEqualInEveryType(type: ElementType) {
        let values = [3.0, -100, 0, 128]
        #expect(TypedFixture.verdict(values, values: values, type, data: .integer).status == .pass)
        let verdict = TypedFixture.verdict([Self.next(type)], values: [3], type, data: .integer)
        #expect(verdict.status == .fail)
        #expect(verdict.comparison?.worst.first?.allowed == 0)
        #expect(verdict.comparison?.worst.first?.ulp == 1)
        #expect(verdict.comparison?.worst.first?.type == type)
    }

    /// Partial sums of such cases are exact in 16 bits, too: an engine that adds them up there is held to equality. One whose
    /// factors or sums lose bits that the type has is not.
    @Test func integerDataAreExactWhateverAccumulatesThem() {
        func isExact(_ type: ElementType, _ arithmetic: Arithmetic, isOfAnswer: Bool = false) -> Bool {
            TypedFixture.allowed(
                3, type, data: .integer, arithmetic: isOfAnswer ? .float32 : arithmetic,
                computation: Computation(arithmetic: isOfAnswer ? arithmetic : nil)) == 0
        }
        #expect(Arithmetic.allCases.filter { isExact(.float16, $0) } == [.float32, .float64, .tf32, .float16])
        #expect(Arithmetic.allCases.filter { isExact(.bfloat16, $0) } == Arithmetic.allCases)
        #expect(Arithmetic.allCases.filter { isExact(.float32, $0) } == [.float32, .float64])
        #expect(Arithmetic.allCases.filter { isExact(.float64, $0) } == Arithmetic.allCases)
        #expect(Arithmetic.allCases.filter { isExact(.float64, $0, isOfAnswer: true) } == [.float64])
        for type in [ElementType.int32, .int8, .uint8] {
            #expect(Arithmetic.allCases.filter { isExact(type, $0) } == Arithmetic.allCases)
        }
    }

    /// K = 1, so 2 sqrt(K) + 4 = 6: with u of the sums and, for short answers, v and t of the type.
    @Test func realDataHaveTheDerivedAllowance() throws {
        func expect(_ got: Double?, _ want: Double, sourceLocation: SourceLocation = #_sourceLocation) throws {
            let got = try #require(got, sourceLocation: sourceLocation)
            #expect(abs(got - want) <= 0x1p-40 * want, "\(got), \(want)", sourceLocation: sourceLocation)
        }
        // M = 2, want = 1: e = (6 * 2 + 1) u = 13 u.
        try expect(TypedFixture.allowed(1, .float32, magnitude: 2), 13 * 0x1p-24)
        try expect(TypedFixture.allowed(1, .float64, magnitude: 2), 13 * 0x1p-53)
        try expect(TypedFixture.allowed(1, .float64, magnitude: 2, arithmetic: .tf32), 13 * 0x1p-53)
        // e + v (1 + e) + t / 2: t is 2^-24 of float16 and 2^-133 of bfloat16.
        let sum = 13 * 0x1p-24
        try expect(TypedFixture.allowed(1, .float16, magnitude: 2), sum + 0x1p-11 * (1 + sum) + 0x1p-25)
        try expect(TypedFixture.allowed(1, .bfloat16, magnitude: 2), sum + 0x1p-8 * (1 + sum) + 0x1p-134)
        // Sums in 16 bits.
        let short = 13 * 0x1p-11
        try expect(
            TypedFixture.allowed(1, .float16, magnitude: 2, arithmetic: .float16),
            short + 0x1p-14 * 6 * 0x1p-11 + 0x1p-11 * (1 + short + 0x1p-14 * 6 * 0x1p-11) + 0x1p-25)
        // Factors of 16 bits are not rounded to as many or more.
        try expect(
            TypedFixture.allowed(1, .float16, magnitude: 2, arithmetic: .tf32), sum + 0x1p-11 * (1 + sum) + 0x1p-25)
        try expect(
            TypedFixture.allowed(1, .bfloat16, magnitude: 2, arithmetic: .bfloat16),
            sum + 0x1p-8 * (1 + sum) + 0x1p-134)
        let double = 13 * 0x1p-53
        try expect(
            TypedFixture.allowed(1, .float16, magnitude: 2, arithmetic: .float64),
            double + 0x1p-11 * (1 + double) + 0x1p-25)
        try expect(
            TypedFixture.allowed(1, .float32, magnitude: 2, arithmetic: .float64),
            double + 0x1p-24 * (1 + double) + 0x1p-150)
    }

    /// Elements are added up four at a time where all is well: with the same sums, to the last bit, as one by one.
    @Test(arguments: floats, [false, true]) func elementsTogetherComeToWhatTheyComeToAlone(
        type: ElementType, countsWrong: Bool
    ) throws {
        var random = RandomNumbers(seed: 71)
        for trial in 0..<200 {
            let count = 1 + trial % 23
            var values = (got: [Double](), want: [Double](), magnitude: [Float]())
            for _ in 0..<count {
                let want = Double(random.real()) * 3
                let unit = (type.format?.unitRoundoff ?? 0) * 0x1p-4
                values.want.append(want)
                values.got.append(want + Double(random.integer(trial % 40)) * unit)
                values.magnitude.append(Float(abs(want)) + random.real().magnitude)
            }
            // What is not added up, or not in that way: one in many.
            let odd: [(Double, Double, Float)] = [
                (.nan, 1, 1), (1, .nan, .infinity), (.infinity, .infinity, .infinity), (1, -.infinity, .infinity),
                (0, 0, 0), (1, 0, 0), (0, 0x1p-140, 0x1p-140), (0x1p-1060, 0x1p-1060, 0x1p-149), (9, 1, 1),
                (0x1p128, 0x1p128, .greatestFiniteMagnitude), (-65504, -65504, 65504), (1e35, 2, .infinity),
            ]
            if trial % 3 > 0 {
                let (place, element) = (Int.random(in: 0..<count, using: &random), odd[trial % odd.count])
                (values.got[place], values.want[place], values.magnitude[place]) = element
            }
            var capabilities = Capabilities()
            capabilities.arithmetic = trial % 2 == 0 ? .float32 : .tf32
            let golden = TypedFixture.identity([Double](repeating: 1, count: count), type)
            let allowance = Allowance(
                tolerance: .derived, golden: golden, geometry: try golden.header.problem.geometry(),
                capabilities: capabilities)
            func passed(by size: Int) -> (Allowance.Passed, others: [Int]) {
                var (passed, others) = (Allowance.Passed(), [Int]())
                for first in stride(from: 0, to: count, by: size) {
                    let places = first..<min(first + size, count)
                    var found: [Int] = []
                    values.got.withUnsafeBufferPointer { got in
                        values.want.withUnsafeBufferPointer { want in
                            values.magnitude.withUnsafeBufferPointer { magnitude in
                                allowance.pass(
                                    got: .init(rebasing: got[places]), want: .init(rebasing: want[places]),
                                    magnitude: .init(rebasing: magnitude[places]), from: first,
                                    countsWrong: countsWrong, to: &passed, others: &found)
                            }
                        }
                    }
                    others += found.map { $0 + first }
                }
                return (passed, others)
            }
            let (together, alone) = (passed(by: count), passed(by: 1))
            #expect(together.others == alone.others)
            #expect(together.0.ratio.bitPattern == alone.0.ratio.bitPattern)
            #expect(together.0.squares.bitPattern == alone.0.squares.bitPattern)
            #expect(together.0.counted == alone.0.counted && together.0.wrong == alone.0.wrong)
        }
    }

    /// Terms of one sign, added up one by one in float16, whose last places come near the terms: the sum drifts.
    @Test(arguments: [64, 600, 1152, 2304, 4608])
    func aLongSumOfOneSignMayDrift(terms: Int) throws {
        let problem = Problem(input: [1, 1, 50, terms], filter: [1, 1, terms, 1])
        var state: UInt64 = 1
        func draw(_: Int) -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 55) / 512
        }
        let (input, weights) = ((0..<50 * terms).map(draw), (0..<terms).map(draw))
        let pixels = (0..<50).map { pixel in (0..<terms).map { (input[pixel * terms + $0], weights[$0]) } }
        let sums = pixels.map { $0.reduce(Float16(0)) { $0 + Float16($1.0 * $1.1) } }
        let exact = pixels.map { $0.reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        let golden = GoldenCase(
            header: CaseHeader(suite: "s", name: "n", problem: problem, data: .real),
            input: Tensor(shape: problem.input, elements: input),
            filter: Tensor(shape: problem.filter, elements: weights),
            output: .init(
                expected: Tensor(shape: [1, 1, 50, 1], elements: exact),
                magnitude: Tensor(shape: [1, 1, 50, 1], elements: exact.map { Float($0) })))
        func status(_ got: [Float], _ arithmetic: Arithmetic = .float16) -> Status {
            Judge().verdict(
                on: .output(Tensor(shape: [1, 1, 50, 1], elements: got)), to: golden,
                capabilities: Capabilities(arithmetic: arithmetic)
            ).status
        }
        #expect(status(sums.map { Float($0) }) == .pass)
        #expect(status(sums.map { Float($0) }, .float32) == .fail)
        #expect(status(zip(sums, exact).map { Float($1 + 4 * (Double($0) - $1)) }) == .fail)
    }

    /// Sums of float64 that are rounded once to float32 are as good as can be.
    @Test(arguments: [Computation(), Computation(algorithm: .fft), Computation(algorithm: .winograd)])
    func sumsOfFloat64MayBeRoundedToFloat32(computation: Computation) {
        let values = (1...40).map { sin(Double($0)) * 0x1p-120 * Double(1 << $0) }
        func status(_ got: [Double], _ data: CaseHeader.DataFamily = .real) -> Status {
            var capabilities = Capabilities.everything
            capabilities.arithmetic = .float64
            return TypedFixture.verdict(
                got, values: values, .float32, magnitude: 0x1p-79, data: data, capabilities: capabilities,
                computation: computation
            ).status
        }
        let rounded = values.map { Double(Float($0)) }
        #expect(status(rounded) == .pass)
        #expect(status(rounded.map { Double(Float($0).nextUp.nextUp) }) == .fail)
        // They are judged by float64, not by the largest number's float32.
        #expect(status(rounded.map { Double(Float($0) * (1 + 0x1p-20)) }) == .fail)
    }

    /// A case in float64 is judged as computed in float64, unless the answer itself says otherwise.
    @Test func float64InFloat32IsSaidByTheAnswer() throws {
        func status(_ computation: Computation) -> Status {
            TypedFixture.verdict([1 + 0x1p-24], values: [1], .float64, computation: computation).status
        }
        #expect(status(Computation()) == .fail)
        #expect(status(Computation(arithmetic: .float32)) == .pass)
        #expect(status(Computation(implementation: "sgemm")) == .fail)
        let allowed = try #require(
            TypedFixture.allowed(1, .float64, computation: Computation(arithmetic: .float32)))
        #expect(abs(allowed - 7 * 0x1p-24) < 0x1p-60)
    }

    /// The middle of two numbers may become either, and neither of their other neighbours.
    @Test(arguments: [(ElementType.float16, 0x1p-10), (.bfloat16, 0x1p-7)])
    func aMiddleMayBeRoundedEitherWay(type: ElementType, ulp: Double) {
        for want in [1 + ulp / 2, -1 - ulp / 2] {
            let sign = want < 0 ? -1.0 : 1
            #expect(TypedFixture.verdict([sign], values: [want], type).status == .pass)
            #expect(TypedFixture.verdict([sign * (1 + ulp)], values: [want], type).status == .pass)
            #expect(TypedFixture.verdict([sign * (1 + 2 * ulp)], values: [want], type).status == .fail)
            #expect(TypedFixture.verdict([sign * (1 - ulp / 2)], values: [want], type).status == .fail)
        }
    }

    /// 100 elements, each off by 3/4 of what it may be: precision is lost everywhere.
    @Test(arguments: [(ElementType.float16, 0x1p-11), (.bfloat16, 0x1p-8)])
    func theRootMeanSquareIsInUnitsOfBothRoundings(type: ElementType, v: Double) throws {
        let want = 1 + v / 8
        let (got, exact, error): (Double, Double, Double) = (1 + 2 * v, 1 + 2 * v - 3 * v / 8, 3 * v / 8)
        let verdict = TypedFixture.verdict([got], values: [exact], type)
        #expect(verdict.status == .pass)
        let comparison = try #require(verdict.comparison)
        let subnormal: Double = type == .float16 ? 0x1p-25 : 0x1p-134
        let unit = 0x1p-24 + v * exact + subnormal
        let (rms, rmsLimit) = (try #require(comparison.rms), try #require(comparison.rmsLimit))
        #expect(abs(rms - error / unit) < 1e-9)
        #expect(abs(rmsLimit - 20.0 / 3) < 1e-9)
        // What is rounded once is off by at most half a unit: far within the limit, however many elements there are.
        let rounded = TypedFixture.verdict(
            [Double](repeating: 1, count: 10_000), values: [Double](repeating: want, count: 10_000), type)
        #expect(rounded.status == .pass)
    }

    /// float16 has subnormal numbers from 2^-24 to 2^-14, which some hardware makes zero; of real data that is right.
    @Test func subnormalSumsOf16BitsMayBeFlushed() {
        let tiny = 0x1.8p-15
        func status(_ got: Double, _ want: Double, _ type: ElementType, _ data: CaseHeader.DataFamily = .real) -> Status
        {
            TypedFixture.verdict([got], values: [want], type, magnitude: 0x1p-12, data: data).status
        }
        #expect(status(0, tiny, .float16) == .pass)
        #expect(status(0, -tiny, .float16) == .pass)
        #expect(status(0, 0x1p-14, .float16) == .fail)
        #expect(status(0, tiny, .float16, .special) == .fail)
        #expect(status(2 * tiny, tiny, .float16) == .fail)
        #expect(status(-tiny, tiny, .float16) == .fail)
        #expect(status(0, 0x1p-127, .bfloat16) == .pass)
        #expect(status(0, tiny, .bfloat16) == .fail)
        #expect(status(0, tiny, .float32) == .fail)
    }

    /// Zeros in the place of subnormal numbers are no errors, so they lose no precision either.
    @Test func flushedSumsDoNotCountForTheRootMeanSquare() {
        let values = [Double](repeating: 1, count: 90) + [Double](repeating: 0x1.8p-15, count: 10)
        let got = [Double](repeating: 1, count: 90) + [Double](repeating: 0, count: 10)
        let verdict = TypedFixture.verdict(got, values: values, .float16, magnitude: 1)
        #expect(verdict.status == .pass)
        #expect(verdict.comparison?.rms == 0)
        let normal = TypedFixture.verdict(values, values: values, .float16, magnitude: 1)
        #expect(normal.status == .pass)
    }

    /// Where a sum lies within its allowance of the threshold, finite and infinite are both right.
    @Test func sumsAtTheOverflowThresholdMayGoEitherWay() {
        func status(_ got: Double, _ want: Double, _ data: CaseHeader.DataFamily = .real) -> Status {
            TypedFixture.verdict([got], values: [want], .float16, magnitude: Float(abs(want)), data: data).status
        }
        for sign in [1.0, -1] {
            for want in [65519.99, 65520, 65520.01] {
                #expect(status(sign * .infinity, sign * want) == .pass)
                #expect(status(sign * 65504, sign * want) == .pass)
                #expect(status(-sign * .infinity, sign * want) == .fail)
                #expect(status(-sign * 65504, sign * want) == .fail)
            }
            // What is computed for so many products errs by 0.03 at most: only its rounding is left to the type.
            #expect(status(sign * 65504, sign * 65521) == .fail)
            #expect(status(sign * .infinity, sign * 65521) == .pass)
            #expect(status(sign * .infinity, sign * 65519) == .fail)
            #expect(status(sign * .infinity, sign * 65504) == .fail)
            #expect(status(sign * .infinity, sign * 65000) == .fail)
            #expect(status(sign * 65504, sign * 66000) == .fail)
            #expect(status(sign * .infinity, sign * 66000) == .pass)
            #expect(status(.nan, sign * 65520) == .fail)
        }
        #expect(
            TypedFixture.verdict([.infinity], values: [0x1.FFp127], .bfloat16, magnitude: 0x1.FFp127).status == .pass)
        #expect(
            TypedFixture.verdict([0x1.FEp127], values: [0x1.FFp127], .bfloat16, magnitude: 0x1.FFp127).status == .pass)
        #expect(
            TypedFixture.verdict([.infinity], values: [0x1.F0p127], .bfloat16, magnitude: 0x1.Fp127).status == .fail)
    }

    @Test func unitsInTheLastPlaceAreTheTypes() {
        func status(_ got: Double, _ want: Double, _ type: ElementType, _ count: Int) -> Status {
            TypedFixture.verdict([got], values: [want], type, tolerance: .ulp(count)).status
        }
        #expect(status(1 + 0x1p-9, 1, .float16, 2) == .pass)
        #expect(status(1 + 0x1p-9, 1, .float16, 1) == .fail)
        #expect(status(1 - 0x1p-10, 1, .float16, 2) == .pass)
        #expect(status(1 + 0x1p-6, 1, .bfloat16, 2) == .pass)
        #expect(status(1 + 0x1p-6, 1, .bfloat16, 1) == .fail)
        #expect(status(0x1p-23, -0x1p-24, .float16, 3) == .pass)
        #expect(status(0x1p-23, -0x1p-24, .float16, 2) == .fail)
        #expect(status(.infinity, 65504, .float16, 0) == .fail)
        for type in [ElementType.int8, .uint8, .int32] {
            #expect(status(101, 100, type, 1) == .pass)
            #expect(status(98, 100, type, 1) == .fail)
            #expect(status(101, 100, type, 0) == .fail)
        }
        #expect(TypedFixture.allowed(100, .int8, tolerance: .ulp(2)) == 2)
        #expect(TypedFixture.allowed(1, .float16, tolerance: .ulp(3)) == 3 * 0x1p-10)
        #expect(TypedFixture.allowed(0x1p-20, .float16, tolerance: .ulp(3)) == 3 * 0x1p-24)
    }

    @Test func wholeNumbersAreJudgedExactlyOnAllData() {
        for type in [ElementType.int8, .uint8, .int32] {
            for data in CaseHeader.DataFamily.allCases {
                #expect(TypedFixture.verdict([7, 100], values: [7, 100], type, data: data).status == .pass)
                #expect(TypedFixture.verdict([7, 101], values: [7, 100], type, data: data).status == .fail)
            }
            let transform = TypedFixture.verdict(
                [8], values: [7], type, capabilities: Capabilities(algorithm: .winograd))
            #expect(transform.status == .fail)
        }
    }

    @Test func anAnswerInAnotherTypeIsWrong() {
        let golden = TypedFixture.identity([1, 2], .float16)
        for type in ElementType.allCases where type != .float16 {
            let answer = AnyTensor(nearest: [1, 2], type: type, shape: [1, 1, 2, 1])
            let verdict = Judge().verdict(on: .output(answer), to: golden, capabilities: .everything)
            #expect(verdict.status == .fail)
            #expect(verdict.cause == .wrongType(got: type, want: .float16))
        }
        let shape = AnyTensor(nearest: [1], type: .float32, shape: [1, 1, 1, 1])
        #expect(
            Judge().verdict(on: .output(shape), to: golden, capabilities: .everything).cause
                == .wrongShape(got: [1, 1, 1, 1], want: [1, 1, 2, 1]))
    }

    /// A transform spreads its errors over an image, also where an element meets nothing but zeros, and where numbers are so
    /// small that float32 does not hold their magnitudes and float64 not their squares.
    @Test(arguments: [1, 1e-30, 1e-60, 1e-200, 1e-290])
    func transformsOfFloat64AreJudgedByTheirImage(large: Double) {
        func status(_ got: [Double]) -> Status {
            var golden = TypedFixture.identity([large, 0], .float64)
            golden.output?.magnitude = Tensor(
                shape: [1, 1, 2, 1], elements: [max(Float(large), .leastNonzeroMagnitude), 0])
            return Judge().verdict(
                on: .output(
                    AnyTensor(nearest: got, type: .float64, shape: [1, 1, 2, 1]), Computation(algorithm: .fft)),
                to: golden, capabilities: .everything
            ).status
        }
        #expect(status([large, large * 0x1p-54]) == .pass)
        #expect(status([large * (1 + 0x1p-52), -large * 0x1p-53]) == .pass)
        #expect(status([large, large * 0x1p-46]) == .fail)
        #expect(status([large * (1 + 0x1p-46), 0]) == .fail)
    }

    /// Spectra of subnormal numbers have few bits left, and are multiplied.
    @Test func transformsOfSubnormalNumbersMayLoseThem() {
        let tiny = Double.leastNonzeroMagnitude
        func status(_ got: Double) -> Status {
            TypedFixture.verdict(
                [got], values: [1000 * tiny], .float64, magnitude: .leastNonzeroMagnitude, data: .special,
                computation: Computation(algorithm: .fft)
            ).status
        }
        for got in [1000, 1003, 990] { #expect(status(Double(got) * tiny) == .pass) }
        #expect(status(0x1p-1000) == .fail)
    }

    /// Numbers at the end of float64's range overflow in a transform, and its errors are finite beside them.
    @Test func transformsOfTheLargestNumbersMayOverflow() {
        func status(_ got: [Double], _ values: [Double]) -> Status {
            TypedFixture.verdict(
                got, values: values, .float64, magnitude: .infinity, data: .special,
                computation: Computation(algorithm: .fft)
            ).status
        }
        let largest = Double.greatestFiniteMagnitude
        #expect(status([.nan, .infinity], [1, largest]) == .pass)
        #expect(status([1, largest], [1, largest]) == .pass)
        #expect(status([1e300, largest], [1, largest]) == .fail)
        #expect(status([.nan, 1e200], [1, 1e200]) == .fail)
    }
}
