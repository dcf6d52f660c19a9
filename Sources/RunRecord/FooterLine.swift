internal import Conformance

/// The last line: how it ended.
struct FooterLine: Codable {
    var type = "footer"
    /// Every status with its count, zeros included.
    var counts: [String: Int]
    var exit: Int32
    var seconds: Double
    /// Golden data that could not be read, each damage once.
    var damage: [String]?
    var shortage: String?
    /// What was drawn anew: the seed, and for how many cases.
    struct Fresh: Codable {
        var seed: UInt64
        var drawn: Int
        var stored: Int
    }

    var fresh: Fresh?
    /// The lines of the baseline's entries that match nothing.
    var unmatched: [Int]?
    var interrupted: Bool

    init(_ summary: RunSummary) {
        counts = Dictionary(uniqueKeysWithValues: Status.allCases.map { ($0.rawValue, summary.counts[$0]) })
        exit = summary.exitStatus.rawValue
        seconds = summary.seconds
        damage = summary.damage.isEmpty ? nil : summary.distinctDamage
        shortage = summary.shortage
        unmatched = summary.unmatched.isEmpty ? nil : summary.unmatched.map(\.line)
        interrupted = summary.isInterrupted
        fresh = summary.fresh.map { Fresh(seed: $0.seed, drawn: $0.drawn, stored: $0.stored) }
    }

    /// The summary of a run with these results.
    ///
    /// - Throws: ``InvalidLine`` where the footer says something else than they do.
    func summary(of results: [CaseResult], _ header: RunHeader) throws -> RunSummary {
        guard seconds.isFinite, seconds >= 0 else { throw InvalidLine("'seconds' is \(seconds), expected at least 0") }
        var summary = RunSummary()
        for result in results { summary.count(result) }
        for status in Status.allCases {
            let (said, counted) = (counts[status.rawValue], summary.counts[status])
            guard said == counted else {
                throw InvalidLine(
                    "the footer counts \(said.map { "\($0)" } ?? "no") results with status \(status.rawValue), there are \(counted)"
                )
            }
        }
        if let unknown = counts.keys.sorted().first(where: { Status(rawValue: $0) == nil }) {
            throw InvalidLine("the footer counts '\(unknown)', which is no status")
        }
        summary.damage = damage ?? []
        summary.shortage = shortage
        if let fresh {
            let cases = header.suites.reduce(0) { $0 + $1.cases }
            guard fresh.drawn >= 0, fresh.stored >= 0, fresh.drawn + fresh.stored == cases else {
                throw InvalidLine(
                    "the footer says that \(fresh.drawn) cases were drawn and \(fresh.stored) were not, of \(cases)")
            }
            summary.fresh = .init(seed: fresh.seed, drawn: fresh.drawn, stored: fresh.stored)
        }
        summary.unmatched = try (unmatched ?? []).map { line in
            guard let entry = header.baseline?.entries.first(where: { $0.line == line }) else {
                throw InvalidLine("the baseline of the header has no entry in line \(line)")
            }
            return entry
        }
        summary.isInterrupted = interrupted
        summary.seconds = seconds
        guard summary.exitStatus.rawValue == exit else {
            throw InvalidLine(
                "the footer's exit status is \(exit), from the results follows \(summary.exitStatus.rawValue)")
        }
        return summary
    }
}
