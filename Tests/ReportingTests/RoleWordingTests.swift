import Conformance
import Convolution
import Testing

@testable import Reporting

/// What reports say of gradients, whose answers have other axes than an output, and of element types.
@Suite struct RoleWordingTests {
    private static func problem(_ operation: Convolution.Operation) -> Problem {
        Problem(
            input: [2, 7, 9, 4], filter: [3, 2, 2, 6], groups: 2, operation: operation, types: ElementTypes(.float16))
    }

    /// A result that is wrong at some places.
    private static func result(_ operation: Convolution.Operation, wrongAt indices: [Shape]) throws -> CaseResult {
        let problem = problem(operation)
        let geometry = try problem.geometry()
        var location = MismatchLocation(in: AnswerRegion(geometry, operation.answer))
        for index in indices { location.insert(index) }
        let worst = indices.prefix(Comparison.worstKept).map {
            Mismatch(kind: .value, index: $0, want: 4, got: 3, type: .float16, allowed: 0, ratio: .infinity, ulp: 512)
        }
        let comparison = Comparison(
            elements: geometry.shape(of: operation.answer).count, mismatched: indices.count, ratio: .infinity,
            worst: worst, location: location)
        return CaseResult(
            engine: "mine", header: SampleRun.header("gradients", "one", problem: problem),
            verdict: Verdict(.fail, .mismatch, comparison: comparison))
    }

    private static func phrases(_ operation: Convolution.Operation, _ indices: [Shape]) throws -> [String] {
        let location = try #require(try result(operation, wrongAt: indices).verdict.comparison?.location)
        return LocationPhrase(location, groups: 2).phrases
    }

    @Test func anInputGradientHasChannels() throws {
        let column = (0..<2).flatMap { n in (0..<7).map { [n, $0, 8, 1] as Shape } }
        #expect(
            try Self.phrases(.inputGradient, column) == [
                "only the last column (8), only channel 1 of 4, in all batches and rows: every element there"
            ])
    }

    @Test func aFilterGradientHasKernelRowsAndColumns() throws {
        let filters = (0..<3).flatMap { ky in (3..<6).map { [ky, 1, 0, $0] as Shape } }
        #expect(
            try Self.phrases(.filterGradient, filters) == [
                "only the last kernel column (1), only the first channel (0), filters 3...5 of 6 (group 1 of 2), "
                    + "in all kernel rows: every element there"
            ])
    }

    @Test func aBiasGradientHasFiltersAlone() throws {
        #expect(
            try Self.phrases(.biasGradient, [[0, 0, 0, 1], [0, 0, 0, 3], [0, 0, 0, 5]])
                == ["filters 1, 3, ..., 5 (every 2nd) of 6: every element there"])
        #expect(try Self.phrases(.biasGradient, [[0, 0, 0, 0]]) == ["only the first filter (0): every element there"])
        #expect(try Self.phrases(.biasGradient, (0..<6).map { [0, 0, 0, $0] }) == ["every element"])
    }

    @Test(arguments: [
        (Convolution.Operation.forward, "[n, y, x, f]"), (.inputGradient, "[n, y, x, c]"),
        (.filterGradient, "[ky, kx, c, f]"), (.biasGradient, "[-, -, -, f]"),
    ])
    func theTableOfTheWorstNamesTheAxes(operation: Convolution.Operation, head: String) throws {
        let result = try Self.result(operation, wrongAt: [[0, 0, 0, 1]])
        let explanation = Explanation(result, run: nil, command: RepeatCommand())
        let worst = try #require(explanation.parts.first { $0.label == "worst" })
        #expect(worst.lines[0].hasPrefix(head))
        #expect(worst.lines[1].contains("[0, 0, 0, 1]"))
        let problem = try #require(explanation.parts.first { $0.label == "problem" })
        #expect(problem.lines[0].contains("float16"))
        #expect(problem.lines[0].contains(operation.rawValue) == (operation != .forward))
    }

    @Test func aWrongTypeInWords() {
        #expect(
            Verdict(.fail, .wrongType(got: .float32, want: .bfloat16)).reason
                == "the answer is float32, expected bfloat16")
    }

    @Test(
        arguments: [
            (
                Role.input, [1, 2, 3, 4], [1, 2, 3, 5],
                "wrong answer shape 1x2x3x4, expected 1x2x3x5: channels is 4, expected 5"
            ),
            (
                .filter, [3, 2, 1, 8], [2, 2, 4, 8],
                "wrong answer shape 3x2x1x8, expected 2x2x4x8: kernel height is 3, expected 2; channels is 1, expected 4"
            ),
            (
                .bias, [1, 1, 1, 7], [1, 1, 1, 8],
                "wrong answer shape 1x1x1x7, expected 1x1x1x8: filters is 7, expected 8"
            ),
        ] as [(Role, [Int], [Int], String)])
    func aWrongShapeOfAGradientInWords(role: Role, got: [Int], want: [Int], words: String) throws {
        let cause = Cause.wrongShape(
            got: try #require(Shape(got)), want: try #require(Shape(want)), role: role)
        #expect(Verdict(.fail, cause).reason == words)
    }
}
