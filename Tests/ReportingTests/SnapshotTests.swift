import Reporting
import Testing
import _TestSupport

/// What each report looks like, in full.
struct SnapshotTests {
    @Test(arguments: ["quiet", "normal", "verbose", "color", "wide"])
    func console(_ name: String) throws {
        var options = ConsoleOptions()
        options.verbosity = name == "quiet" ? .quiet : name == "verbose" ? .verbose : .normal
        options.usesColor = name == "color"
        if name == "wide" { options.columns = 120 }
        let text = report(try SampleRun.events()) { ConsoleReporter(options: options, write: $0) }
        try expectSnapshot(text, "console-\(name).txt")
    }

    @Test func jsonLines() throws {
        try expectSnapshot(report(try SampleRun.events()) { JSONLinesReporter(write: $0) }, "report.jsonl")
    }

    @Test func junit() throws {
        try expectSnapshot(report(try SampleRun.events()) { JUnitReporter(write: $0) }, "report.junit.xml")
    }

    @Test func markdown() throws {
        try expectSnapshot(report(try SampleRun.events()) { MarkdownReporter(write: $0) }, "report.md")
    }
}
