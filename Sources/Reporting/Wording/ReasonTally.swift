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

    /// The reasons of an engine with their counts, most often first; those beyond the limit as one.
    func counts(of engine: String) -> [(reason: String, count: Int)] {
        guard let tally = tallies[engine] else { return [] }
        let sorted = tally.checks.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
        let rest = tally.total - sorted.reduce(0) { $0 + $1.1 }
        return sorted + (rest > 0 ? [("other reasons", rest)] : [])
    }

    /// A sentence for each engine that has reasons; engines with the same ones share it.
    func sentences(engines: [String]) -> [String] {
        var sentences: [(engines: [String], reasons: String)] = []
        for engine in engines {
            guard let reasons = reasons(of: engine) else { continue }
            if let place = sentences.firstIndex(where: { $0.reasons == reasons }) {
                sentences[place].engines.append(SafeText.line(engine))
            } else {
                sentences.append(([SafeText.line(engine)], reasons))
            }
        }
        return sentences.map { "\(label) \($0.engines.joined(separator: ", ")): \($0.reasons)" }
    }

    private func reasons(of engine: String) -> String? {
        tallies[engine].map { tally in
            let shown = counts(of: engine).prefix(ReasonTally.shownLimit)
            let rest = tally.total - shown.reduce(0) { $0 + $1.count }
            let reasons = shown.map { "\($0.reason) (\(Numbers.count($0.count)))" }
            return (reasons + (rest > 0 ? ["other reasons (\(Numbers.count(rest)))"] : [])).joined(separator: "; ")
        }
    }
}
