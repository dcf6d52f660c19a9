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

    public init(_ record: RunRecord, replacing old: BaselineFile?) {
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
            let failing = matching.filter { $0.verdict.engineStatus == entry.status && !listed.contains(ResultKey($0)) }
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
        let rest = results.filter {
            Baseline.Entry.statuses.contains($0.verdict.engineStatus) && !listed.contains(ResultKey($0))
        }
        let new = BaselineDraft.entries(for: rest, among: results) { result in
            let sentence = SafeText.line(result.verdict.engineReason ?? "known")
            let reason =
                sentence.count > Self.longestReason ? sentence.prefix(Self.longestReason) + "..." : sentence[...]
            return .init(line: 0, engine: "", pattern: "", status: .fail, reason: String(reason))
        }
        if old == nil {
            lines += [
                "# Known failures: engine, case (a pattern; behind @ the layouts), status, reason, link.",
                "# What is listed is expected to fail; what is listed and passes, and what matches nothing, is an error.",
                "",
            ]
        }
        lines += new.map(BaselineFile.text)
        text = lines.map { $0 + "\n" }.joined()
        (entries, added, removed) = (kept + new.count, new.count, gone)
        missing = results.count { $0.status == .missing }
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
