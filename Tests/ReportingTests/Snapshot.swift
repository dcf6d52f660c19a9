import Conformance
import Foundation
import Reporting
import Testing

/// Compares text with a file under `Snapshots`.
///
/// With `RECORD_SNAPSHOTS` in the environment the file is written instead, and the test fails: a run that records has
/// compared nothing.
func expectSnapshot(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(components: "Snapshots", name)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
        try text.write(to: file, atomically: true, encoding: .utf8)
        Issue.record("Snapshots/\(name) was written, and compared with nothing", sourceLocation: sourceLocation)
        return
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect(
        text == recorded, "differs from Snapshots/\(name); RECORD_SNAPSHOTS=1 swift test writes it anew",
        sourceLocation: sourceLocation)
}

/// What a reporter writes when it is given events.
func report(_ events: [Event], by makeReporter: (@escaping (String) -> Void) -> any Reporter) -> String {
    var text = ""
    let reporter = makeReporter { text += $0 }
    events.forEach(reporter.receive)
    return text
}
