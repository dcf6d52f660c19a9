import Conformance
import Reporting
import RunRecord
import Testing

/// A report of a record is the report of the run, byte for byte.
struct ReplayTests {
    private static var reporters: [(String, (@escaping (String) -> Void) -> any Reporter)] {
        [
            ("record", { JSONLinesReporter(write: $0) }), ("junit", { JUnitReporter(write: $0) }),
            ("markdown", { MarkdownReporter(write: $0) }), ("html", { HTMLReporter(write: $0) }),
            (
                "console",
                {
                    var options = ConsoleOptions()
                    options.verbosity = .verbose
                    return ConsoleReporter(options: options, write: $0)
                }
            ),
        ]
    }

    @Test func everyReportIsTheSame() throws {
        let events = try SampleRun.events()
        let text = report(events) { JSONLinesReporter(write: $0) }
        let replayed = try RunRecord(bytes: Array(text.utf8), file: "record").events
        for (name, reporter) in ReplayTests.reporters {
            #expect(report(replayed, by: reporter) == report(events, by: reporter), "\(name)")
        }
    }
}
