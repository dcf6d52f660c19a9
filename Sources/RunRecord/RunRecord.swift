public import Conformance

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A run as its record holds it: whatever a report told of it can be told again.
public struct RunRecord: Sendable {
    public var header: RunHeader
    /// In the order in which they were reported.
    public var results: [CaseResult]
    /// What failures have in common.
    public var findings: [Finding]
    public var summary: RunSummary

    public init(header: RunHeader, results: [CaseResult], findings: [Finding] = [], summary: RunSummary) {
        self.header = header
        self.results = results
        self.findings = findings
        self.summary = summary
    }

    /// The run's events, as its reports were given them.
    public var events: [Event] {
        [.started(header)] + results.map(Event.finished) + findings.map(Event.found) + [.ended(summary)]
    }

    /// The record as a file holds it.
    public var text: String { events.map(RecordFormat.line).joined() }

    /// Reads a record.
    ///
    /// - Throws: ``RecordError`` where the file cannot be read, or is not a complete record of this format, with its line.
    public init(path: String) throws(RecordError) {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw RecordError(file: path, isUnreadable: true, isThere ? "it cannot be read" : "there is no such file")
        }
        try self.init(bytes: [UInt8](bytes), file: path)
    }

    /// Reads a record from its bytes.
    ///
    /// - Parameter file: what messages call it.
    /// - Throws: ``RecordError``.
    public init(bytes: [UInt8], file: String) throws(RecordError) {
        var reader = RecordReader(file: file)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // Behind the last line feed there is nothing, or a line that has been cut.
        for line in lines.dropLast() { try reader.read(line) }
        try reader.end(lines.last ?? [])
        self = try reader.record()
    }
}
