/// Applies a baseline to the results of a run, and notes which of its entries are of use.
public struct BaselineUse: Sendable {
    private let baseline: Baseline
    /// Whether the run has all cases of all engines that there are.
    private let isWhole: Bool
    /// Whether other cases belong to other shards.
    private let isShard: Bool
    /// The places of entries that a result was listed by, that matched one, and that matched one without an answer.
    private var used: Set<Int> = []
    private var met: Set<Int> = []
    private var open: Set<Int> = []

    public init(_ baseline: Baseline, header: RunHeader) {
        self.baseline = baseline
        isWhole = header.selection.isEmpty && header.shard == nil
        isShard = header.shard != nil
    }

    /// The verdict against the baseline: a failure that is listed is `xfail`, a pass that is listed as a failure `xpass`,
    /// unless an entry says that it may pass.
    ///
    /// - Parameter isGiven: whether the answer is that of the known mistake of this name.
    public func verdict(on result: CaseResult, isGiven: (String) -> Bool = { _ in false }) -> Verdict {
        let entries = baseline.entries.filter { $0.matches(result) }
        let plain = entries.filter { $0.finding == nil }
        var verdict = result.verdict
        let known = plain.first { $0.status == verdict.status }
        if let entry = known ?? entries.first(where: { $0.status == verdict.status && $0.finding.map(isGiven) == true })
        {
            (verdict.status, verdict.listing) = (.xfail, Listing(entry))
        } else if verdict.status == .pass, let entry = plain.first, !plain.contains(where: \.mayPass) {
            (verdict.status, verdict.listing) = (.xpass, Listing(entry))
        }
        return verdict
    }

    /// Takes a result with its verdict against the baseline.
    public mutating func note(_ result: CaseResult) {
        for (place, entry) in baseline.entries.enumerated() where entry.matches(result) {
            met.insert(place)
            if result.status == .missing { open.insert(place) }
            let isUsed = result.verdict.listing?.line == entry.line || entry.mayPass
            if result.status == .xpass || isUsed { used.insert(place) }
        }
    }

    /// The entries that no result was listed by, though the run has all that they could match.
    public var unmatched: [Baseline.Entry] {
        baseline.entries.indices.filter { place in
            let entry = baseline.entries[place]
            if used.contains(place) || open.contains(place) || entry.isElsewhere { return false }
            // Whether the cases of other shards fail is not known here.
            return isShard ? false : met.contains(place) || isWhole
        }.map { baseline.entries[$0] }
    }
}
