import Conformance
import Convolution
import Testing

@testable import Reporting

struct ProjectionTextTests {
    private let whole = Projection(seed: 1, vectors: 2, missedBits: 46, positions: 50_176)
    private let summed = Projection(seed: 1, vectors: 4, missedBits: nil, positions: 1, samples: 4321)

    @Test func whatWasDoneIsSaid() {
        #expect(
            ProjectionText(projection: whole).text
                == "by projections: sums over filters or channels at 50,176 places, with 2 vectors of whole numbers, must be equal: a wrong "
                + "answer passes with a probability of 2^-46 at most")
        #expect(
            ProjectionText(projection: summed).text
                == "by projections: sums over filters or channels at 1 place, with 4 vectors of signs, within what their elements may be off "
                + "by together, and 4,321 elements against exact sums of their own")
    }

    @Test func countsThatAreBoundsAreSaidToBe() {
        var projection = whole
        #expect(ProjectionText(projection: projection).shortfall == nil)
        (projection.failing, projection.computed) = (7000, 50)
        #expect(
            ProjectionText(projection: projection).shortfall
                == "7,000 places are wrong, and the elements of 50 of them were computed: there are more wrong elements than are "
                + "counted here")
        #expect(ProjectionText(projection: summed).shortfall?.contains("there may be more") == true)
        var comparison = Comparison(
            elements: 9, mismatched: 4, ratio: 2,
            worst: [Mismatch(kind: .value, index: [0, 0, 0, 1], want: 1, got: 2, allowed: 0.5, ratio: 2, ulp: nil)])
        #expect(comparison.summary.hasPrefix("4 of 9 elements differ"))
        comparison.projection = projection
        #expect(comparison.summary.hasPrefix("at least 4 of 9 elements differ"))
    }

    /// Console, Markdown and JUnit all say it, of passes too.
    @Test func reportsSayIt() {
        let problem = Problem(input: [1, 9, 9, 3], filter: [3, 3, 3, 16])
        var comparison = Comparison(elements: 784, mismatched: 0, ratio: 0)
        comparison.projection = whole
        let result = CaseResult(
            engine: "mine", header: CaseHeader(suite: "list", name: "a", problem: problem, data: .integer),
            verdict: Verdict(.pass, comparison: comparison))
        func text(_ reporter: (@escaping (String) -> Void) -> any Reporter) -> String {
            let events: [Event] = [
                .started(SampleRun.header), .finished(result), .ended(SampleRun.summary(of: [result])),
            ]
            return report(events, by: reporter).replacing(#/\s+/#, with: " ")
        }
        let sentence = "1 answer too large to be computed whole was judged by projections"
        #expect(text { ConsoleReporter(options: ConsoleOptions(), write: $0) }.contains(sentence))
        #expect(text { MarkdownReporter(write: $0) }.contains(sentence))
        #expect(
            text { JUnitReporter(write: $0) }.contains(
                "judged by projections: sums over filters or channels at 50,176 places"))
    }
}
