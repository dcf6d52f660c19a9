import Convolution
import Testing

@testable import Conformance

@Suite struct ComparisonTests {
    @Test(arguments: [
        (Float.nan, 1.0, Mismatch.Kind.unexpectedNaN), (1, Double.nan, .missingNaN), (.infinity, 1, .infinity),
        (1, .infinity, .infinity), (-.infinity, .infinity, .infinity), (.nan, .infinity, .unexpectedNaN),
        (.infinity, .nan, .missingNaN), (2, 1, .value),
    ])
    func aWrongElementIsNamed(got: Float, want: Double, kind: Mismatch.Kind) {
        for tolerance in [Tolerance.derived, .exact] {
            let verdict = Fixture.verdict([got], values: [want], data: .special, tolerance: tolerance)
            #expect(verdict.status == .fail)
            #expect(verdict.comparison?.worst.first?.kind == kind)
            #expect(verdict.comparison?.ratio == .infinity || kind == .value)
        }
    }

    @Test(arguments: [(Float.nan, Double.nan), (.infinity, .infinity), (-.infinity, -.infinity), (-0.0, 0)])
    func anElementAsWantedPasses(got: Float, want: Double) {
        #expect(Fixture.verdict([got], values: [want], data: .special).status == .pass)
    }

    @Test func aLooseToleranceDoesNotForgiveNaN() {
        #expect(Fixture.verdict([.nan], values: [1], tolerance: .absolute(1e30)).status == .fail)
        #expect(Fixture.verdict([.infinity], values: [1], tolerance: .absolute(1e30)).status == .fail)
    }

    @Test func aSumThatRoundsBeyondFloatIsAnInfinity() {
        #expect(Fixture.verdict([.infinity], values: [0x1p128], magnitude: .infinity, data: .special).status == .pass)
        #expect(Fixture.verdict([-.infinity], values: [0x1p128], magnitude: .infinity, data: .special).status == .fail)
    }

    @Test func anInfiniteMagnitudeDoesNotAllowEverything() {
        #expect(Fixture.verdict([1e38], values: [1], magnitude: .infinity, data: .special).status == .fail)
    }

    @Test func theWorstComeFirstAndAreLimited() throws {
        let got: [Float] = [1, 12, 1, 100, 1, 5, 40, 3, -7, 1]
        let verdict = Fixture.verdict(got, values: [Double](repeating: 1, count: 10), data: .integer)
        let comparison = try #require(verdict.comparison)
        #expect(comparison.mismatched == 6)
        #expect(comparison.worst.map(\.got) == [100, 40, 12, -7, 5])
        #expect(comparison.location?.indices(.column) == [1, 3, 5, 6, 7, 8])
    }

    @Test func aWrongShapeIsNamed() throws {
        let golden = Fixture.identity([1, 2, 3])
        let answer = EngineAnswer.output(Tensor(repeating: 1, shape: [1, 1, 2, 1]))
        let verdict = Judge().verdict(on: answer, to: golden, capabilities: Capabilities())
        #expect(verdict.status == .fail)
        #expect(verdict.cause == .wrongShape(got: [1, 1, 2, 1], want: [1, 1, 3, 1]))
    }

    @Test func anOutputIsReadInItsOwnMemoryOrder() {
        let problem = Problem(input: [1, 2, 3, 2], filter: [1, 1, 2, 2])
        let want = Tensor<Double>(shape: [1, 2, 3, 2]) { Double(100 * $1 + 10 * $2 + $3) }
        let golden = GoldenCase(
            header: CaseHeader(suite: "s", name: "n", problem: problem, data: .integer),
            input: Tensor(repeating: 0, shape: problem.input), filter: Tensor(repeating: 0, shape: problem.filter),
            output: GoldenCase.Output(expected: want, magnitude: Tensor(repeating: 1, shape: want.shape)))
        let nchw = Tensor<Float>(shape: want.shape, order: ActivationLayout.nchw.order) {
            Float(100 * $1 + 10 * $2 + $3)
        }
        let verdict = Judge().verdict(on: .output(nchw), to: golden, capabilities: Capabilities())
        #expect(verdict.status == .pass)
        let scrambled = Tensor(shape: want.shape, elements: nchw.elements)
        #expect(Judge().verdict(on: .output(scrambled), to: golden, capabilities: Capabilities()).status == .fail)
    }

    @Test func rejectingATensorWithoutElementsIsALimit() {
        let problem = Problem(input: [0, 1, 1, 1], filter: [1, 1, 1, 1])
        let golden = GoldenCase(
            header: CaseHeader(suite: "s", name: "n", problem: problem, data: .integer),
            input: Tensor(repeating: 0, shape: problem.input), filter: Tensor(repeating: 0, shape: problem.filter),
            output: GoldenCase.Output(
                expected: Tensor(repeating: 0, shape: [0, 1, 1, 1]),
                magnitude: Tensor(repeating: 0, shape: [0, 1, 1, 1])))
        func status(_ answer: EngineAnswer) -> Status {
            Judge().verdict(on: answer, to: golden, capabilities: Capabilities()).status
        }
        #expect(status(.rejected("no batch")) == .unsupported)
        #expect(status(.error("no batch")) == .error)
        #expect(status(.output(Tensor(repeating: 0, shape: [1, 1, 1, 1]))) == .fail)
        #expect(status(.output(Tensor(repeating: 0, shape: [0, 1, 1, 1]))) == .pass)
    }

    @Test func aKernelBeyondTheInputIsRefusedOrAnsweredWithNoElements() throws {
        let problem = Problem(input: [2, 3, 5, 1], filter: [4, 2, 1, 6], strides: Extent(height: 1, width: 2))
        let golden = GoldenCase(
            header: CaseHeader(
                suite: "s", name: "n", problem: problem, data: .integer, expectation: .rejectionOrEmpty),
            input: Tensor(repeating: 0, shape: problem.input), filter: Tensor(repeating: 0, shape: problem.filter),
            output: nil)
        func verdict(_ answer: EngineAnswer) -> Verdict {
            Judge().verdict(on: answer, to: golden, capabilities: Capabilities())
        }
        for refusal in [EngineAnswer.rejected("too large"), .refused("no room")] {
            #expect(verdict(refusal) == Verdict(.pass, remark: "kernel-beyond-input: refused"))
        }
        let empty = verdict(.output(Tensor(repeating: 0, shape: [2, 0, 2, 6])))
        #expect(empty == Verdict(.pass, remark: "kernel-beyond-input: answered with a tensor without elements"))
        for shape in [[2, 1, 2, 6], [0, 0, 2, 6], [2, 0, 1, 6]] as [Shape] {
            let wrong = verdict(.output(Tensor(repeating: 0, shape: shape)))
            #expect(wrong.status == .fail)
            #expect(wrong.remark == nil)
            #expect(wrong.cause == .acceptedBeyondInput(got: shape, empty: [2, 0, 2, 6]))
        }
        #expect(verdict(.unsupported("no")).status == .unsupported)
        #expect(verdict(.error("no")).status == .error)
    }

    /// A refusal without a cause is a rejection where the problem is invalid, and a limit of the engine where it is valid.
    @Test func anOrderlyRefusalIsNoError() {
        func verdict(_ golden: GoldenCase) -> Verdict {
            Judge().verdict(on: .refused("no memory"), to: golden, capabilities: Capabilities())
        }
        #expect(verdict(Fixture.rejection) == Verdict(.pass))
        #expect(verdict(Fixture.identity([1])).status == .unsupported)
        #expect(verdict(Fixture.identity([1])).cause == .refused("no memory"))
    }

    @Test func rejectionsAreJudged() {
        let capabilities = Capabilities()
        let judge = Judge()
        #expect(judge.verdict(on: .rejected("no"), to: Fixture.rejection, capabilities: capabilities).status == .pass)
        let output = EngineAnswer.output(Tensor(repeating: 0, shape: [1, 0, 1, 1]))
        #expect(judge.verdict(on: output, to: Fixture.rejection, capabilities: capabilities).status == .fail)
        #expect(
            judge.verdict(on: .rejected("no"), to: Fixture.identity([1]), capabilities: capabilities).status == .fail)
        #expect(judge.verdict(on: .crash("x"), to: Fixture.rejection, capabilities: capabilities).status == .crash)
    }
}

@Suite struct MismatchLocationTests {
    @Test func theBorderIsWhereAWindowReachesIntoThePadding() throws {
        let geometry = try Problem(input: [1, 4, 5, 1], filter: [3, 2, 1, 2], padding: .sameUpper).geometry()
        var location = MismatchLocation(in: AnswerRegion(geometry))
        // Rows 0 and 3 and column 4 touch pads: 20 positions less 2 x 4 interior ones, times 2 filters.
        #expect(location.borderElements == 24)
        #expect(location.interiorElements == 16)
        location.insert([0, 1, 1, 0])
        location.insert([0, 3, 1, 1])
        #expect((location.total, location.border, location.interior) == (2, 1, 1))
        #expect(location.indices(.row) == [1, 3])
        #expect(location.indices(.filter) == [0, 1])
    }
}
