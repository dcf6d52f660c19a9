import Conformance
import Testing

@testable import Reporting

/// Which of two right answers an engine gave is told by every report: it is never a silent pass.
struct RemarkTests {
    private func events() -> [Event] {
        let answers = ["subnormal-flush: kept", "subnormal-flush: flushed", "subnormal-flush: kept"]
        let results = answers.enumerated().map { place, answer in
            CaseResult(
                engine: "mine", header: SampleRun.header("special", "case-\(place)", data: .special),
                verdict: Verdict(.pass, remark: answer))
        }
        var summary = RunSummary()
        for result in results { summary.count(result) }
        return [.started(SampleRun.header)] + results.map { .finished($0) } + [.ended(summary)]
    }

    private static let sentence =
        "left to the engine, and answered by mine: subnormal-flush: kept (2); subnormal-flush: flushed (1)"

    @Test func theConsoleCountsThem() {
        var wide = ConsoleOptions()
        wide.columns = 200
        #expect(report(events()) { ConsoleReporter(options: wide, write: $0) }.contains(Self.sentence + "\n"))
    }

    @Test func markdownCountsThem() {
        #expect(report(events()) { MarkdownReporter(write: $0) }.contains("- " + Self.sentence))
    }

    @Test func theRecordHasEach() {
        let lines = report(events()) { JSONLinesReporter(write: $0) }.split(separator: "\n")
        #expect(lines.count { $0.contains(#""remark":"subnormal-flush: kept""#) } == 2)
        #expect(lines.count { $0.contains(#""remark":"subnormal-flush: flushed""#) } == 1)
    }

    @Test func junitHasEach() {
        let text = report(events()) { JUnitReporter(write: $0) }
        #expect(text.split(separator: "<system-out>subnormal-flush: kept</system-out>").count == 3)
    }
}
