import Conformance
import Convolution
import Testing

/// What takes long is taken where it is asked for.
@Suite struct CaseSelectionTests {
    private static let problem = Problem(input: [1, 3, 3, 1], filter: [1, 1, 1, 1])
    private static let cases = CaseList(
        [("a", []), ("b", ["slow", "leaderboard"]), ("c", ["leaderboard"]), ("d", ["slow"])].map { name, tags in
            let header = CaseHeader(suite: "s", name: name, problem: problem, data: .integer, tags: tags)
            return GoldenCase(header: header, operands: Operands(), output: nil)
        })

    private func chosen(_ change: (inout CaseSelection) -> Void) throws -> String {
        var selection = CaseSelection()
        change(&selection)
        return try selection.choose(from: Self.cases).map(\.name).joined()
    }

    @Test func slowCasesAreLeftOutUnlessTheyAreNamed() throws {
        #expect(try chosen { _ in } == "ac")
        #expect(try chosen { $0.suites = ["s"] } == "ac")
        #expect(try chosen { $0.tags = ["leaderboard"] } == "c")
        #expect(try chosen { $0.includesSlow = true } == "abcd")
        #expect(try chosen { $0.tags = ["slow"] } == "bd")
        #expect(try chosen { $0.patterns = ["s/b"] } == "b")
        #expect(try chosen { ($0.includesSlow, $0.tags) = (true, ["leaderboard"]) } == "bc")
        #expect(try chosen { ($0.includesSlow, $0.skippedTags) = (true, ["slow"]) } == "ac")
    }

    @Test func whatIsLeftOutIsSaid() throws {
        var selection = CaseSelection()
        #expect(selection.slowCases(of: Self.cases) == 2)
        selection.tags = ["leaderboard"]
        #expect(selection.slowCases(of: Self.cases) == 1)
        selection.includesSlow = true
        #expect(selection.slowCases(of: Self.cases) == 0)
        selection = CaseSelection()
        selection.skippedPatterns = ["s/[ac]"]
        let error = #expect(throws: SelectionError.self) { _ = try selection.choose(from: Self.cases) }
        #expect(
            error?.description
                == "the options leave no case of 4, but for 2 with the tag 'slow', which have to be asked for")
    }
}
