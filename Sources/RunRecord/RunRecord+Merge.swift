internal import Conformance
internal import Convolution

/// Why records are not the parts of one run.
public struct MergeRefusal: Error, Hashable, CustomStringConvertible {
    public let description: String
}

extension RunRecord {
    /// The record of the whole run whose shards these are: what it would have been without `--shard`, but for the times,
    /// which add up, the turns, since each shard has its own instances of engines, and the findings, which are left out:
    /// they do not know of other shards' failures.
    ///
    /// - Parameter parts: each with the name that messages call it by.
    /// - Throws: ``MergeRefusal`` where they are no shards of one run, or not all of them: engines, golden data, selection
    ///   or judgement differ, a result is in two of them, a shard is missing.
    public static func merging(_ parts: [(name: String, record: RunRecord)]) throws(MergeRefusal) -> RunRecord {
        guard let first = parts.first else { throw MergeRefusal(description: "there is no record to merge") }
        for part in parts.dropFirst() { try part.record.checkIsPart(part.name, of: first) }
        try checkDisjointness(parts)
        try checkShards(parts)
        return merged(parts.map(\.record))
    }

    private func checkIsPart(_ name: String, of first: (name: String, record: RunRecord)) throws(MergeRefusal) {
        func refuse(_ what: String) -> MergeRefusal {
            MergeRefusal(description: "'\(name)' and '\(first.name)' are no parts of one run: \(what)")
        }
        let (mine, other) = (header, first.record.header)
        guard mine.tool.version == other.tool.version else {
            throw refuse("they were made by the versions \(mine.tool.version) and \(other.tool.version)")
        }
        guard mine.engines.count == other.engines.count,
            zip(mine.engines, other.engines).allSatisfy({
                ($0.name, $0.version, $0.capabilities) == ($1.name, $1.version, $1.capabilities)
            })
        else { throw refuse("the engines differ, in name, version or what they declare") }
        let digests = Dictionary(uniqueKeysWithValues: other.suites.map { ($0.name, $0.digest) })
        if let suite = mine.suites.first(where: { digests[$0.name, default: $0.digest] != $0.digest }) {
            throw refuse("the golden data of the suite '\(suite.name)' differ")
        }
        guard mine.suiteDigest == other.suiteDigest else { throw refuse("the golden data differ, or the suites") }
        guard mine.selection == other.selection else {
            throw refuse("they chose different cases: \(mine.selection), \(other.selection)")
        }
        guard summary.fresh?.seed == first.record.summary.fresh?.seed else {
            func seed(_ record: RunRecord) -> String { record.summary.fresh.map { "seed \($0.seed)" } ?? "none" }
            throw refuse("their fresh data are from \(seed(self)) and \(seed(first.record))")
        }
        guard mine.tolerance == other.tolerance else {
            throw refuse("their tolerances are \(mine.tolerance) and \(other.tolerance)")
        }
        guard mine.leftOut == other.leftOut else { throw refuse("their lists leave out different problems") }
        guard mine.baseline == other.baseline else { throw refuse("their baselines differ") }
        guard mine.layouts == other.layouts else {
            throw refuse("their layouts are \(mine.layouts.rawValue) and \(other.layouts.rawValue)")
        }
    }

    private static func checkDisjointness(_ parts: [(name: String, record: RunRecord)]) throws(MergeRefusal) {
        var owners: [ResultKey: String] = [:]
        for (name, record) in parts {
            for result in record.results {
                guard let owner = owners.updateValue(name, forKey: ResultKey(result)) else { continue }
                throw MergeRefusal(description: "'\(owner)' and '\(name)' overlap: both have \(ResultKey(result))")
            }
        }
    }

    private static func checkShards(_ parts: [(name: String, record: RunRecord)]) throws(MergeRefusal) {
        if parts.count == 1, parts[0].record.header.shard == nil { return }
        var indices: Set<Int> = []
        let first = parts[0].record.header.shard
        for (name, record) in parts {
            guard let shard = record.header.shard else {
                throw MergeRefusal(description: "'\(name)' is no shard: its run had no --shard")
            }
            guard shard.count == first?.count, shard.cases == first?.cases else {
                throw MergeRefusal(
                    description: "'\(name)' is one of \(shard.count) shards of \(shard.cases) cases, "
                        + "'\(parts[0].name)' one of \(first?.count ?? 1) of \(first?.cases ?? 0)")
            }
            indices.insert(shard.index)
        }
        // Where there are fewer cases than shards, the last ones are empty, and leave no record.
        let (count, cases) = (first?.count ?? 1, first?.cases ?? 0)
        for index in 1...max(min(count, cases), 1) where !indices.contains(index) {
            throw MergeRefusal(description: "the shard \(index)/\(count) is missing")
        }
    }

    private static func merged(_ records: [RunRecord]) -> RunRecord {
        var header = records[0].header
        let suites = Dictionary(grouping: records.flatMap(\.header.suites), by: \.name)
        header.suites = suites.keys.sorted(by: precedes).compactMap { name in
            let parts = suites[name] ?? []
            return parts.first.map { .init(name: name, cases: parts.reduce(0) { $0 + $1.cases }, digest: $0.digest) }
        }
        header.planned = records.reduce(0) { $0 + $1.header.planned }
        header.shard = nil
        var results = withDistinctTurns(records)
        // Golden files hold their cases in this order, and a run keeps it.
        let engines = Dictionary(uniqueKeysWithValues: header.engines.enumerated().map { ($1.name, $0) })
        let layouts = header.engines.map(\.capabilities.layouts)
        results = results.map { result in
            let engine = engines[result.engine] ?? 0
            return (engine, layouts[engine].firstIndex(of: result.layouts) ?? 0, result)
        }.sorted { first, second in
            if first.0 != second.0 { return first.0 < second.0 }
            let (one, two) = (first.2.header, second.2.header)
            if one.suite != two.suite { return precedes(one.suite, two.suite) }
            if one.name != two.name { return precedes(one.name, two.name) }
            return first.1 < second.1
        }.map(\.2)
        keepFirstAnswers(&results)
        var summary = RunSummary()
        var use = header.baseline.map { BaselineUse($0, header: header) }
        for result in results {
            summary.count(result)
            use?.note(result)
        }
        summary.unmatched = use?.unmatched ?? []
        for part in records.map(\.summary) {
            if let fresh = part.fresh {
                let (drawn, stored) = (summary.fresh?.drawn ?? 0, summary.fresh?.stored ?? 0)
                summary.fresh = .init(seed: fresh.seed, drawn: drawn + fresh.drawn, stored: stored + fresh.stored)
            }
            summary.damage += part.damage
            summary.shortage = summary.shortage ?? part.shortage
            summary.isInterrupted = summary.isInterrupted || part.isInterrupted
            summary.seconds += part.seconds
        }
        return RunRecord(header: header, results: results, summary: summary)
    }

    /// All results, the instances of engines numbered on from record to record.
    private static func withDistinctTurns(_ records: [RunRecord]) -> [CaseResult] {
        var results: [CaseResult] = []
        var instances: [String: Int] = [:]
        for record in records {
            let known = instances
            for var result in record.results {
                if var turn = result.turn {
                    turn.instance += known[result.engine, default: 0]
                    result.turn = turn
                    instances[result.engine] = max(instances[result.engine, default: 0], turn.instance)
                }
                results.append(result)
            }
        }
        return results
    }

    /// Of each engine the answers that one run keeps.
    private static func keepFirstAnswers(_ results: inout [CaseResult]) {
        var selections: [String: AnswerSelection] = [:]
        for place in results.indices {
            guard let answer = results[place].answer else { continue }
            let (engine, header) = (results[place].engine, results[place].header)
            if !selections[engine, default: AnswerSelection()].keeps(answer, to: header) { results[place].answer = nil }
        }
    }

    /// The order of bytes, which is that of golden files.
    private static func precedes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }
}
