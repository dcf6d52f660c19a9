internal import Conformance

/// What engines said of many checks, counted: why they declined, or which of two right answers they gave.
///
/// What looks like a short gap in a table may be one missing capability.
struct ReasonTally {
    /// How many reasons of an engine are told apart.
    private static let distinctLimit = 100
    /// How many reasons of an engine are shown.
    private static let shownLimit = 4

    private struct Tally {
        var checks: [String: Int] = [:]
        var total = 0
    }

    /// What an engine's sentence begins with.
    private let label: String
    private var tallies: [String: Tally] = [:]

    init(label: String) {
        self.label = label
    }

    /// Why engines declined.
    static var unsupported: ReasonTally { ReasonTally(label: "unsupported by") }
    /// Which answer engines gave where more than one is right.
    static var remarks: ReasonTally { ReasonTally(label: "left to the engine, and answered by") }

    /// Counts a reason of an engine's.
    mutating func count(_ reason: String, of engine: String) {
        var tally = tallies[engine, default: Tally()]
        let reason = SafeText.line(reason)
        if tally.checks[reason] != nil || tally.checks.count < ReasonTally.distinctLimit {
            tally.checks[reason, default: 0] += 1
        }
        tally.total += 1
        tallies[engine] = tally
    }

    /// A sentence for each engine that has reasons.
    func sentences(engines: [String]) -> [String] {
        engines.compactMap { engine in
            guard let tally = tallies[engine] else { return nil }
            let sorted = tally.checks.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let shown = sorted.prefix(ReasonTally.shownLimit)
            let rest = tally.total - shown.reduce(0) { $0 + $1.value }
            let reasons = shown.map { "\($0.key) (\(Numbers.count($0.value)))" }
            return "\(label) \(SafeText.line(engine)): "
                + (reasons + (rest > 0 ? ["other reasons (\(Numbers.count(rest)))"] : [])).joined(separator: "; ")
        }
    }
}
