internal import Conformance

/// Why engines declined, counted: what looks like a short gap in a table may be one missing capability.
struct UnsupportedReasons {
    /// How many reasons of an engine are told apart.
    private static let distinctLimit = 100
    /// How many reasons of an engine are shown.
    private static let shownLimit = 4

    private struct Tally {
        var checks: [String: Int] = [:]
        var total = 0
    }

    private var tallies: [String: Tally] = [:]

    /// Counts a result, where it is an unsupported one.
    mutating func count(_ result: CaseResult) {
        guard result.status == .unsupported else { return }
        var tally = tallies[result.engine, default: Tally()]
        let reason = SafeText.line(result.reason)
        if tally.checks[reason] != nil || tally.checks.count < UnsupportedReasons.distinctLimit {
            tally.checks[reason, default: 0] += 1
        }
        tally.total += 1
        tallies[result.engine] = tally
    }

    /// A sentence for each engine that declined something.
    func sentences(engines: [String]) -> [String] {
        engines.compactMap { engine in
            guard let tally = tallies[engine] else { return nil }
            let sorted = tally.checks.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let shown = sorted.prefix(UnsupportedReasons.shownLimit)
            let rest = tally.total - shown.reduce(0) { $0 + $1.value }
            let reasons = shown.map { "\($0.key) (\(Numbers.count($0.value)))" }
            return "unsupported by \(SafeText.line(engine)): "
                + (reasons + (rest > 0 ? ["other reasons (\(Numbers.count(rest)))"] : [])).joined(separator: "; ")
        }
    }
}
