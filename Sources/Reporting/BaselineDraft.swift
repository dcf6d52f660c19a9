public import Conformance
public import RunRecord

/// A baseline that lists what failed in a run, made of the one that there was.
///
/// Comments stay where they are. An entry stays as it is where everything that it matches fails as it says, or where the
/// run has nothing that it matches and had not all cases; where only some fails, an entry for each of these takes its
/// place, with its reason and its link. What is not listed yet is added at the end.
public struct BaselineDraft {
    /// The longest reason that is made from a failure, in characters.
    private static let longestReason = 100

    public let text: String
    /// How many entries it has, how many of these are new, and how many entries are gone.
    public let (entries, added, removed): (Int, Int, Int)
    /// Results without an answer, which no baseline lists.
    public let missing: Int

    /// - Parameter namesFindings: whether what a finding with a name explains gets one entry, in the place of one for each
    ///   case.
    public init(_ record: RunRecord, replacing old: BaselineFile?, namesFindings: Bool = false) {
        let results = record.results
        let isWhole = record.header.selection.isEmpty && record.header.shard == nil
        var listed: Set<ResultKey> = []
        var lines: [String] = []
        var (kept, gone) = (0, 0)
        for line in old?.lines ?? [] {
            guard let entry = line.entry else {
                lines.append(line.text)
                continue
            }
            let matching = results.filter { entry.matches($0) && $0.verdict.engineStatus.isExecuted }
            let failing = matching.filter { result in
                result.verdict.engineStatus == entry.status && !listed.contains(ResultKey(result))
                    && (entry.finding.map { BaselineDraft.isGiven(by: $0, result, record) } ?? true)
            }
            // What a mistake leaves right passes: the entry is of use as long as something fails by it. What may pass
            // is of use as long as there is such a case.
            if entry.finding != nil || entry.mayPass {
                let isOfUse = entry.mayPass ? !matching.isEmpty : !failing.isEmpty
                if isOfUse || matching.isEmpty && !isWhole {
                    lines.append(line.text)
                    kept += 1
                } else {
                    gone += 1
                }
                listed.formUnion(failing.map(ResultKey.init))
                continue
            }
            if failing.count == matching.count, !matching.isEmpty || !isWhole {
                lines.append(line.text)
                kept += 1
            } else {
                let exact = BaselineDraft.entries(for: failing, among: results) { _ in entry }
                lines += exact.map(BaselineFile.text)
                kept += exact.count
                if exact.isEmpty { gone += 1 }
            }
            listed.formUnion(failing.map(ResultKey.init))
        }
        let named = namesFindings ? BaselineDraft.entries(for: record, leaving: &listed) : []
        let rest = results.filter {
            Baseline.Entry.statuses.contains($0.verdict.engineStatus) && !listed.contains(ResultKey($0))
        }
        let new =
            named
            + BaselineDraft.entries(for: rest, among: results) { result in
                let reason = BaselineDraft.clipped(result.verdict.engineReason ?? "known")
                return .init(line: 0, engine: "", pattern: "", status: .fail, reason: reason)
            }
        if old == nil {
            lines += [
                "# Known failures: engine, case (a pattern; behind @ the layouts), status or finding, reason, link.",
                "# What is listed is expected to fail; what is listed and passes, and what matches nothing, is an error.",
                "",
            ]
        }
        lines += new.map(BaselineFile.text)
        text = lines.map { $0 + "\n" }.joined()
        (entries, added, removed) = (kept + new.count, new.count, gone)
        missing = results.count { $0.status == .missing }
    }

    /// Whether a failure is what the known mistake gives, as far as the record tells.
    private static func isGiven(by name: String, _ result: CaseResult, _ record: RunRecord) -> Bool {
        if let listing = result.verdict.listing, listing.finding == name { return true }
        return record.findings.contains { finding in
            finding.engine == result.engine && finding.candidates.contains { $0.name == name }
                && finding.cases.contains(result.header.id)
        }
    }

    /// An entry for each finding with a name, and what it explains taken for listed.
    private static func entries(for record: RunRecord, leaving listed: inout Set<ResultKey>) -> [Baseline.Entry] {
        record.findings.compactMap { finding in
            guard let candidate = finding.candidates.first else { return nil }
            let failing = record.results.filter {
                $0.engine == finding.engine && $0.status == .fail && finding.cases.contains($0.header.id)
                    && !listed.contains(ResultKey($0))
            }
            listed.formUnion(failing.map(ResultKey.init))
            return failing.isEmpty
                ? nil
                : Baseline.Entry(
                    line: 0, engine: finding.engine, pattern: "*", status: .fail, finding: candidate.name,
                    reason: clipped(candidate.summary))
        }
    }

    private static func clipped(_ text: String) -> String {
        let sentence = SafeText.line(text)
        return sentence.count > longestReason ? sentence.prefix(longestReason) + "..." : sentence
    }

    /// An entry for each case, without layouts where it fails alike in all of them; reason and link are those of `model`.
    private static func entries(
        for failing: [CaseResult], among results: [CaseResult], model: (CaseResult) -> Baseline.Entry
    ) -> [Baseline.Entry] {
        func key(_ result: CaseResult) -> [String] { [result.engine, result.header.id] }
        let all = Dictionary(grouping: results, by: key)
        let groups = Dictionary(grouping: failing, by: key)
        var done: Set<[String]> = []
        return failing.flatMap { first -> [Baseline.Entry] in
            guard done.insert(key(first)).inserted, let group = groups[key(first)] else { return [] }
            let isAlike = group.allSatisfy { $0.verdict.engineStatus == first.verdict.engineStatus }
            let isEverywhere = isAlike && group.count == all[key(first)]?.count
            return (isEverywhere ? [first] : group).map { result in
                var entry = model(result)
                entry.engine = result.engine
                entry.pattern = result.header.id.map { "*?[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
                entry.layouts = isEverywhere ? nil : result.layouts
                entry.status = result.verdict.engineStatus
                return entry
            }
        }
    }
}
