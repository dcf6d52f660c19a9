internal import Foundation
public import Testing

/// Compares text with the file `Snapshots/<name>` beside the calling test.
///
/// With `RECORD_SNAPSHOTS` in the environment the file is written instead, and the test fails: a run that records has
/// compared nothing. Where there is no such file, the test fails too.
public func expectSnapshot(
    _ text: String, _ name: String, beside test: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = URL(filePath: test).deletingLastPathComponent().appending(components: "Snapshots", name)
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
