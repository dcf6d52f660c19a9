import Conformance
import Convolution
import Testing

@testable import Reporting

/// How reports use the width of a terminal, and what they show first.
struct LayoutTests {
    @Test func linesBreakAtWords() {
        #expect(WrappedText.lines("one two three", columns: 8) == ["one two", "three"])
        #expect(WrappedText.lines("one two three", columns: 8, indent: 2) == ["one two", "  three"])
        #expect(WrappedText.lines("  one two", columns: 6) == ["  one", "  two"])
        #expect(WrappedText.lines("immeasurable", columns: 4) == ["immeasurable"])
        #expect(WrappedText.lines("a immeasurable b", columns: 4) == ["a", "immeasurable", "b"])
        #expect(WrappedText.lines("", columns: 4) == [""])
        #expect(WrappedText.lines("\u{1B}[31mone\u{1B}[0m two", columns: 7) == ["\u{1B}[31mone\u{1B}[0m two"])
    }

    @Test func aTableThatIsTooWideGetsLinesOfItsOwn() throws {
        let result = CaseResult(
            engine: "mine", header: SampleRun.header("grid", "case"),
            verdict: SampleRun.fail(try SampleRun.comparison(got: 3.000_000_2) { $0[2] == 8 }))
        let explanation = Explanation(result, run: nil, command: RepeatCommand())
        let head = try #require(explanation.lines(columns: 200).first { $0.hasPrefix("worst    [n, y, x, f]  want") })
        let narrow = explanation.lines(columns: head.count - 1)
        #expect(narrow.contains("worst"))
        #expect(narrow.contains { "worst    " + $0.dropFirst(2) == head })
    }

    private func summary(engines: Int, suites: Int) -> (RunSummary, RunHeader) {
        let engines = (0..<engines).map { "engine\($0)" }
        let suites = (0..<suites).map { "suite\($0)" }
        var summary = RunSummary()
        for engine in engines {
            for suite in suites {
                for status in [Status.pass, .pass, .fail, .unsupported] {
                    summary.count(
                        CaseResult(
                            engine: engine, header: SampleRun.header(suite, "case"), verdict: Verdict(status))
                    )
                }
            }
        }
        let header = RunHeader(
            engines: engines.map { .init(name: $0, version: "", specification: $0, capabilities: Capabilities()) },
            suites: suites.map { .init(name: $0, cases: 4) }, planned: summary.counts.total)
        return (summary, header)
    }

    @Test(arguments: [
        (1, 1, 80, "engine   suite0"), (1, 2, 120, "engine   suite0"), (1, 9, 80, "suite   engine0"),
        (2, 9, 80, "suite   engine0"), (3, 9, 80, "engine0"), (3, 9, 120, "suite   engine0"), (9, 9, 80, "engine0"),
    ])
    func theTableFitsTheTerminal(_ engines: Int, _ suites: Int, _ columns: Int, _ start: String) throws {
        let (summary, header) = summary(engines: engines, suites: suites)
        let lines = SummaryTable(summary, header: header, columns: columns, paint: Paint(usesColor: false)).lines
        #expect(lines.first?.hasPrefix(start) == true, "\(lines)")
        #expect(lines.allSatisfy { $0.count <= columns })
        let cells = lines.joined(separator: "\n").matches(of: /2 pass, 1 fail, 1 unsupported/).count
        #expect(cells == engines * suites)
    }

    @Test func theNumbersOfAColumnEndAtTheSamePlace() {
        var summary = RunSummary()
        let results: [(String, Status, Int)] = [("few", .pass, 7), ("many", .pass, 1200), ("many", .fail, 30)]
        for (suite, status, count) in results {
            let result = CaseResult(
                engine: "mine", header: SampleRun.header(suite, "case"), verdict: Verdict(status))
            for _ in 0..<count { summary.count(result) }
        }
        let header = RunHeader(
            engines: [.init(name: "mine", version: "1", specification: "mine", capabilities: Capabilities())],
            suites: ["few", "many", "none"].map { .init(name: $0, cases: 1230) }, planned: summary.counts.total)
        let table = SummaryTable(summary, header: header, columns: 40, paint: Paint(usesColor: false))
        #expect(
            table.lines == [
                "suite  mine 1", "few        7 pass", "many   1,200 pass, 30 fail", "none       -",
                "total  1,207 pass, 30 fail",
            ])
    }

    private func failure(_ name: String, rows: Int, channels: Int = 1) -> CaseResult {
        let problem = Problem(input: [1, rows, 3, channels], filter: [2, 2, channels, 1])
        return CaseResult(
            engine: "mine", header: SampleRun.header("grid", name, problem: problem),
            verdict: Verdict(.fail, reason: "wrong in \(name)"))
    }

    /// 64 products with 8 elements, 64 with 4, 16 with 4, and one whose problem has no output.
    private var failures: [CaseResult] {
        var invalid = failure("invalid", rows: 1)
        invalid.verdict.cause = .stated("answered")
        return [
            invalid, failure("a-large", rows: 5, channels: 2), failure("b-few", rows: 3, channels: 4),
            failure("c-small", rows: 3), failure("d-small-too", rows: 3),
        ]
    }

    private func events(_ results: [CaseResult]) -> [Event] {
        [.started(SampleRun.header)] + results.map(Event.finished) + [.ended(SampleRun.summary(of: results))]
    }

    @Test func theConsoleNamesTheSmallestFailingCase() throws {
        var options = ConsoleOptions()
        options.columns = 200
        let text = report(events(failures)) { ConsoleReporter(options: options, write: $0) }
        let end = try #require(text.range(of: "smallest failing case of mine: "))
        #expect(
            text[end.lowerBound...].hasPrefix(
                """
                smallest failing case of mine: grid/c-small (16 products, 4 elements of output)
                  wrong in c-small
                  repeat   convcheck run --engine
                """))
        let single = report(events([failures[1]])) { ConsoleReporter(options: options, write: $0) }
        #expect(!single.contains("smallest"))
    }

    @Test func markdownBeginsWithTheSmallest() throws {
        let page = report(events(failures)) { MarkdownReporter(failureLimit: 3, write: $0) }
        let titles = page.split(separator: "\n").filter { $0.hasPrefix("<details>") }
        #expect(titles.count == 3)
        #expect(titles.first?.hasSuffix("grid/c-small</summary>") == true)
        #expect(titles.dropFirst().first?.hasSuffix("grid/d-small-too</summary>") == true)
        #expect(titles.last?.hasSuffix("grid/b-few</summary>") == true)
    }

    @Test func productsComeBeforeElements() {
        let sizes = failures.map { CaseSize($0.header) }
        #expect(sizes[2] < sizes[1])
        #expect(sizes[3] < sizes[2])
        #expect(sizes.allSatisfy { $0 <= sizes[0] })
        #expect(sizes[1].products == 64 && sizes[2].products == 64 && sizes[1].elements == 8)
    }
}
