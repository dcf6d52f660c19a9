import Convolution
import Testing

@testable import Conformance

/// What is not finite, in engines that may move it.
@Suite struct NonFiniteTests {
    private static let winograd = Capabilities(algorithm: .winograd, tile: Extent(height: 2, width: 2))
    private static let fft = Capabilities(algorithm: .fft)
    private static let inf = Double.infinity

    private func status(_ got: [Float], _ values: [Double], _ capabilities: Capabilities) -> Status {
        Fixture.verdict(got, values: values, magnitude: .infinity, data: .special, capabilities: capabilities).status
    }

    /// Tiles of two outputs with a 1x1 kernel reach one column to either side, wherever they begin.
    @Test func aTransformSpreadsOverItsTile() {
        let values = [1, 1, Self.inf, 1, 1]
        #expect(status([1, .nan, .nan, 1, 1], values, Self.winograd) == .pass)
        #expect(status([1, 1, .nan, -.infinity, 1], values, Self.winograd) == .pass)
        #expect(status([.nan, .nan, .nan, 1, 1], values, Self.winograd) == .fail)
        #expect(status([.nan, .nan, .nan, .nan, .nan], values, Self.fft) == .pass)
        #expect(status([.nan, .nan, .nan, .nan, .nan], values, Capabilities(algorithm: .transform)) == .pass)
        #expect(status([1, .nan, .infinity, 1, 1], values, Capabilities()) == .fail)
    }

    @Test func whatIsNotFiniteNeverBecomesFinite() {
        for capabilities in [Self.winograd, Self.fft] {
            #expect(status([1, 0], [1, .infinity], capabilities) == .fail)
            #expect(status([1, .greatestFiniteMagnitude], [1, .infinity], capabilities) == .fail)
            #expect(status([1, 0], [1, .nan], capabilities) == .fail)
            #expect(status([1, .nan], [1, .infinity], capabilities) == .pass)
            #expect(status([0, .nan], [.infinity, .infinity], capabilities) == .fail)
        }
    }

    /// A NaN that is no difference of infinities stays one.
    @Test func aNaNStaysOneWhereThereIsNoInfinity() {
        #expect(status([.infinity, .nan], [.nan, 1], Self.fft) == .fail)
        #expect(status([.nan, .nan], [.nan, 1], Self.fft) == .pass)
        #expect(status([.infinity, .nan], [.nan, -.infinity], Self.fft) == .pass)
    }

    /// What is finite is judged beside what is not.
    @Test func finiteAnswersAreJudged() {
        #expect(status([2, .nan], [1, .infinity], Self.fft) == .fail)
        #expect(status([1, .nan], [1, .infinity], Self.fft) == .pass)
    }

    @Test func numbersThatOverflowInATransformSpread() {
        #expect(status([.nan, .infinity, 1, 1], [1, 3e38, 1, 1], Self.winograd) == .pass)
        #expect(status([1, 3e38, 1, .nan], [1, 3e38, 1, 1], Self.winograd) == .fail)
        #expect(status([.nan, 1e20], [1, 1e20], Self.fft) == .fail)
        #expect(status([.nan, .nan], [1, 1], Self.fft) == .fail)
    }

    @Test func spreadingIsReported() {
        let verdict = Fixture.verdict(
            [.nan, .nan], values: [1, .infinity], magnitude: .infinity, data: .special, capabilities: Self.fft)
        #expect(verdict.remark == "fft: what is not finite is spread over a tile or an image")
        #expect(verdict.comparison?.spread == 2)
        let exact = Fixture.verdict(
            [1, .infinity], values: [1, .infinity], magnitude: .infinity, data: .special, capabilities: Self.fft)
        #expect(exact.remark == nil)
    }

    /// Two images packed into one complex transform share what is not finite; Winograd's tiles lie within one.
    @Test func anFFTSpreadsOverAllImages() {
        let problem = Problem(input: [2, 1, 2, 1], filter: [1, 1, 1, 1])
        let values = [1, Self.inf, 1, 1]
        let golden = GoldenCase(
            header: CaseHeader(suite: "s", name: "n", problem: problem, data: .special),
            input: Tensor(shape: problem.input, elements: values.map { Float($0) }),
            filter: Tensor(repeating: 1, shape: problem.filter),
            output: .init(
                expected: Tensor(shape: problem.input, elements: values),
                magnitude: Tensor(repeating: 1, shape: problem.input)))
        func status(_ capabilities: Capabilities) -> Status {
            let answer = EngineAnswer.output(Tensor(shape: problem.input, elements: [1, .infinity, .nan, 1]))
            return Judge().verdict(on: answer, to: golden, capabilities: capabilities).status
        }
        #expect(status(Self.fft) == .pass)
        #expect(status(Capabilities(algorithm: .transform)) == .pass)
        #expect(status(Self.winograd) == .fail)
        #expect(status(Capabilities()) == .fail)
    }

    /// Winograd's spread stays within a filter's own outputs and its group's channels.
    @Test func aFilterSpreadsOverItsOwnOutputs() {
        let problem = Problem(input: [1, 2, 2, 2], filter: [1, 1, 1, 2], groups: 2)
        let shape: Shape = [1, 2, 2, 2]
        func status(_ got: (Int, Int, Int) -> Float, spoil: (inout GoldenCase) -> Void) -> Status {
            var golden = GoldenCase(
                header: CaseHeader(suite: "s", name: "n", problem: problem, data: .special),
                input: Tensor(repeating: 1, shape: problem.input), filter: Tensor(repeating: 1, shape: problem.filter),
                output: .init(
                    expected: Tensor(repeating: 1, shape: shape), magnitude: Tensor(repeating: 1, shape: shape)))
            spoil(&golden)
            let answer = EngineAnswer.output(Tensor(shape: shape) { got($1, $2, $3) })
            return Judge().verdict(on: answer, to: golden, capabilities: Self.winograd).status
        }
        let weight: (inout GoldenCase) -> Void = { $0.filter[0, 0, 0, 1] = .nan }
        #expect(status({ _, _, f in f == 1 ? .nan : 1 }, spoil: weight) == .pass)
        #expect(status({ _, _, f in f == 0 ? .nan : 1 }, spoil: weight) == .fail)
        let pixel: (inout GoldenCase) -> Void = { $0.input[0, 1, 0, 0] = .infinity }
        #expect(status({ _, _, f in f == 0 ? .nan : 1 }, spoil: pixel) == .pass)
        #expect(status({ _, _, f in f == 1 ? .nan : 1 }, spoil: pixel) == .fail)
    }
}

/// Sums in binary16, whose largest number is 65504.
@Suite struct ReducedRangeTests {
    private func status(_ got: Float, want: Double, magnitude: Float, _ arithmetic: Arithmetic = .float16) -> Status {
        // The input is not what is judged here, and must not overflow by itself.
        var golden = Fixture.identity([want], magnitude: magnitude, data: .real)
        golden.input = Tensor(repeating: 1, shape: [1, 1, 1, 1])
        return Judge().verdict(
            on: .output(Tensor(repeating: got, shape: [1, 1, 1, 1])), to: golden,
            capabilities: Capabilities(arithmetic: arithmetic)
        ).status
    }

    @Test func aSumBeyondTheRangeIsAnInfinity() {
        #expect(status(.infinity, want: 70000, magnitude: 70000) == .pass)
        #expect(status(70000, want: 70000, magnitude: 70000) == .pass)
        #expect(status(-.infinity, want: -70000, magnitude: 70000) == .pass)
        #expect(status(-.infinity, want: 70000, magnitude: 70000) == .fail)
        #expect(status(.nan, want: 70000, magnitude: 70000) == .fail)
        #expect(status(.infinity, want: 70000, magnitude: 70000, .float32) == .fail)
        #expect(status(.infinity, want: 70000, magnitude: 70000, .bfloat16) == .fail)
    }

    /// 70000 of products of either sign, or of one only.
    @Test func partialSumsOverflowAsFarAsTheirMagnitudesReach() {
        for got in [Float.infinity, -.infinity, .nan] {
            #expect(status(got, want: 10, magnitude: 140_000) == .pass)
            #expect(status(got, want: 10, magnitude: 100_000) == .fail)
        }
        #expect(status(.infinity, want: 40_000, magnitude: 100_000) == .pass)
        #expect(status(-.infinity, want: 40_000, magnitude: 100_000) == .fail)
        #expect(status(.nan, want: 40_000, magnitude: 100_000) == .fail)
    }

    /// A sum that rounding may carry beyond the range: 65500 with an error of 6 u M = 192.
    @Test func roundingMayCarryASumBeyondTheRange() {
        #expect(status(.infinity, want: 65500, magnitude: 65500) == .pass)
        #expect(status(.infinity, want: 65200, magnitude: 65200) == .fail)
    }

    /// A factor beyond the range is infinite before it is multiplied, and one that is subnormal has an absolute error.
    @Test func factorsAreRoundedToo() {
        var golden = Fixture.identity([1, 1], magnitude: 1, data: .real)
        golden.input.elements = [1e5, 1]
        func status(_ got: [Float]) -> Status {
            Judge().verdict(
                on: .output(Tensor(shape: [1, 1, 2, 1], elements: got)), to: golden,
                capabilities: Capabilities(arithmetic: .float16)
            ).status
        }
        #expect(status([.infinity, 1]) == .pass)
        #expect(status([1, .infinity]) == .fail)
        golden.input.elements = [0x1p-26, 1]
        golden.filter = Tensor(repeating: 1000, shape: [1, 1, 1, 1])
        golden.output?.expected.elements = [1000 * 0x1p-26, 1000]
        golden.output?.magnitude.elements = [1000 * 0x1p-26, 1000]
        #expect(status([0, 1000]) == .pass)
        #expect(status([0.001, 1000]) == .fail)
    }

    @Test func anInfinityUnderAWeightThatVanishesIsNaN() {
        var golden = Fixture.identity([.infinity], magnitude: .infinity, data: .special)
        func status(_ arithmetic: Arithmetic) -> Status {
            Judge().verdict(
                on: .output(Tensor(repeating: .nan, shape: [1, 1, 1, 1])), to: golden,
                capabilities: Capabilities(arithmetic: arithmetic)
            ).status
        }
        #expect(status(.float16) == .fail)
        golden.filter = Tensor(repeating: 1e-9, shape: [1, 1, 1, 1])
        #expect(status(.float16) == .pass)
        #expect(status(.float32) == .fail)
    }
}
