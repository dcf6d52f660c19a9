internal import Conformance
internal import Convolution

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Takes the lines of a record one after the other, and whatever is not as it must be for an error.
struct RecordReader {
    /// What every line has, whatever its version.
    private struct Envelope: Decodable {
        var type: String
        var format: Int?
    }

    /// The indices that the locations of one record may have together; those of any real run have a small part of them.
    private static let mostIndices = 1 << 26

    private let file: String
    private let decoder = JSONDecoder()
    private var number = 0
    private var header: RunHeader?
    private var results: [CaseResult] = []
    private var findings: [Finding] = []
    private var summary: RunSummary?
    /// The line of each result.
    private var lines: [ResultKey: Int] = [:]
    /// Each case as it was described first, by suite.
    private var cases: [String: [String: CaseHeader]] = [:]
    private var indices = 0
    /// The turns of each engine.
    private var turns: [String: Set<Turn>] = [:]

    init(file: String) {
        self.file = file
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: RecordFormat.infinity, negativeInfinity: RecordFormat.minusInfinity,
            nan: RecordFormat.nan)
    }

    mutating func read(_ line: ArraySlice<UInt8>) throws(RecordError) {
        number += 1
        do {
            try take(Data(line))
        } catch let invalid as InvalidLine {
            throw error(invalid.reason)
        } catch let invalid as DecodingError {
            throw error(invalid.sentence)
        } catch {
            throw self.error("\(error)")
        }
    }

    /// Takes what stands behind the last line feed.
    mutating func end(_ rest: ArraySlice<UInt8>) throws(RecordError) {
        if number == 0, rest.isEmpty { throw RecordError(file: file, "it is empty") }
        if !rest.isEmpty {
            number += 1
            if number == 1 { try read(first: rest) }
            throw error("the line is cut off: it has no end")
        }
        if summary == nil {
            throw error("it ends without a footer: the run was cut off, or the file was")
        }
    }

    /// A single line may be of something else altogether: then that is what is wrong with it.
    private func read(first line: ArraySlice<UInt8>) throws(RecordError) {
        if (try? decoder.decode(Envelope.self, from: Data(line))) == nil, line.first != UInt8(ascii: "{") {
            throw error("is not JSON")
        }
    }

    func record() throws(RecordError) -> RunRecord {
        guard let header, let summary else { throw error("it ends without a footer") }
        return RunRecord(header: header, results: results, findings: findings, summary: summary)
    }

    private func error(_ reason: String) -> RecordError { RecordError(file: file, line: number, reason) }

    private mutating func take(_ line: Data) throws {
        let envelope = try decoder.decode(Envelope.self, from: line)
        guard summary == nil else { throw InvalidLine("a line behind the footer, of the type '\(envelope.type)'") }
        switch (envelope.type, header) {
        case ("header", nil):
            guard let format = envelope.format else { throw InvalidLine("'format' is missing") }
            guard format == RecordFormat.version else {
                throw InvalidLine(
                    "has format version \(format), and the only one known here is \(RecordFormat.version)")
            }
            header = try strictly(HeaderLine.self, line).header()
        case ("header", _?): throw InvalidLine("a second header")
        case (_, nil): throw InvalidLine("is of the type '\(envelope.type)', expected a header first")
        case ("case", let header?): try take(try strictly(CaseLine.self, line).result(), header)
        case ("finding", let header?): try take(try strictly(FindingLine.self, line).finding(), header)
        case ("footer", let header?):
            let footer = try strictly(FooterLine.self, line)
            try checkCompleteness(header)
            summary = try footer.summary(of: results, header)
        default: throw InvalidLine("is of the type '\(envelope.type)', which is not known")
        }
    }

    /// What a line holds, and nothing besides.
    ///
    /// - Throws: ``InvalidLine`` where it has a field that is not known: what it was to say would be lost.
    private func strictly<Line: Codable>(_ type: Line.Type, _ line: Data) throws -> Line {
        let held = try decoder.decode(type, from: line)
        let written = Data(RecordFormat.line(held).utf8.dropLast())
        // Nearly every line is as it would be written again, and has nothing else then.
        if written == line { return held }
        let (given, known) = (
            try decoder.decode(JSONTree.self, from: line), try decoder.decode(JSONTree.self, from: written)
        )
        if let field = given.firstField(missingIn: known) {
            throw InvalidLine("the field '\(field)' is not known, or has nothing to say")
        }
        return held
    }

    private mutating func take(_ finding: Finding, _ header: RunHeader) throws {
        let failed = Set(results.filter { $0.engine == finding.engine && $0.status.isFailure }.map(\.header.id))
        guard header.engines.contains(where: { $0.name == finding.engine }), failed.isSuperset(of: finding.cases) else {
            throw InvalidLine("the finding is about cases that did not fail on '\(finding.engine)'")
        }
        if let history = finding.history {
            let isThere = results.contains {
                ($0.engine, $0.header.id, $0.layouts, $0.status)
                    == (finding.engine, finding.smallest, history.layouts, history.status)
            }
            let asked = Set(results.lazy.filter { $0.engine == finding.engine && $0.turn != nil }.map(\.header.id))
            guard isThere, asked.isSuperset(of: history.sequel?.cases ?? []) else {
                throw InvalidLine("the finding's history is about a check that did not end so, or cases not asked")
            }
        }
        findings.append(finding)
    }

    private mutating func take(_ result: CaseResult, _ header: RunHeader) throws {
        let described = ResultKey(result).description
        guard let engine = header.engines.first(where: { $0.name == result.engine }) else {
            throw InvalidLine("\(described) was not planned: the header has no such engine")
        }
        guard header.suites.contains(where: { $0.name == result.header.suite }) else {
            throw InvalidLine("\(described) was not planned: the header has no such suite")
        }
        if let listing = result.verdict.listing,
            header.baseline?.entries.contains(where: {
                $0.line == listing.line && $0.finding == listing.finding && $0.matches(result)
            }) != true
        {
            throw InvalidLine("\(described) is not what line \(listing.line) of the baseline lists")
        }
        let layouts = engine.capabilities.layouts
        guard layouts.contains(result.layouts), result.isPreferredLayout == (result.layouts == layouts.first) else {
            throw InvalidLine("\(described) was not planned: the header has other layouts for the engine")
        }
        guard findings.isEmpty else { throw InvalidLine("\(described) stands behind a finding") }
        guard results.count < header.planned else {
            throw InvalidLine("\(described) was not planned: the header plans \(header.planned) results")
        }
        if let line = lines.updateValue(number, forKey: ResultKey(result)) {
            throw InvalidLine("\(described) is there twice, first in line \(line)")
        }
        let (suite, name) = (result.header.suite, result.header.name)
        if let known = cases[suite, default: [:]].updateValue(result.header, forKey: name), known != result.header {
            throw InvalidLine("\(result.header.id) is described otherwise than in a line before")
        }
        if let turn = result.turn, !turns[result.engine, default: []].insert(turn).inserted {
            throw InvalidLine("\(described) has the turn [\(turn.instance), \(turn.place)] of another result")
        }
        indices += result.verdict.comparison?.location?.shape.list.reduce(0, +) ?? 0
        if indices > RecordReader.mostIndices {
            throw InvalidLine("'where' is there for larger outputs than a run has")
        }
        results.append(result)
    }

    private func checkCompleteness(_ header: RunHeader) throws {
        if results.count < header.planned {
            throw InvalidLine("\(results.count) results are there, the header plans \(header.planned)")
        }
        for suite in header.suites {
            let count = cases[suite.name]?.count ?? 0
            guard count == suite.cases else {
                throw InvalidLine(
                    "\(count) cases of the suite '\(suite.name)' are there, the header has \(suite.cases)")
            }
        }
    }
}
