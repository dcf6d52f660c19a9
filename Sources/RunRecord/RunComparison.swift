public import Conformance

/// What became of the results of one run in another, by case, engine and layouts.
public struct RunComparison: Sendable {
    /// What became of one result.
    public enum Change: String, Hashable, Sendable, CaseIterable {
        /// It passed and does no longer, or it fails and did not before.
        case broken
        /// It passes and did not before.
        case fixed
        /// Neither, but the status, the cause, the wrong elements or the answer chosen of several right ones differ.
        case changed
        /// Only the new run has it.
        case new
        /// Only the old run has it.
        case gone
    }

    /// A result that is not as before.
    public struct Difference: Sendable {
        public let change: Change
        /// `nil` where the old run does not have it.
        public let old: CaseResult?
        /// `nil` where the new run does not have it.
        public let new: CaseResult?
    }

    /// In the order of the new run, then those that are gone in the order of the old one.
    public let differences: [Difference]
    /// How many results are as before.
    public let unchanged: Int
    /// How many results both runs have.
    public let shared: Int
    /// The suites of both runs whose golden data are not the same.
    public let changedSuites: [String]

    /// By what the old and the new run were judged.
    public let tolerances: [Tolerance]

    public init(old: RunRecord, new: RunRecord) {
        let before = Dictionary(uniqueKeysWithValues: old.results.map { (ResultKey($0), $0) })
        let after = Set(new.results.map(ResultKey.init))
        var (differences, shared): ([Difference], Int) = ([], 0)
        for result in new.results {
            let known = before[ResultKey(result)]
            if known != nil { shared += 1 }
            let change = known.map { RunComparison.change(from: $0.verdict, to: result.verdict) } ?? .new
            if let change { differences.append(Difference(change: change, old: known, new: result)) }
        }
        unchanged = new.results.count - differences.count
        differences += old.results.filter { !after.contains(ResultKey($0)) }
            .map { Difference(change: .gone, old: $0, new: nil) }
        let digests = Dictionary(uniqueKeysWithValues: old.header.suites.map { ($0.name, $0.digest) })
        changedSuites = new.header.suites.filter { digests[$0.name, default: $0.digest] != $0.digest }.map(\.name)
        tolerances = [old.header.tolerance, new.header.tolerance]
        self.differences = differences
        self.shared = shared
    }

    /// How many results changed so.
    public func count(_ change: Change) -> Int { differences.count { $0.change == change } }

    private static func change(from old: Verdict, to new: Verdict) -> Change? {
        let (before, after) = (standing(old.engineStatus), standing(new.engineStatus))
        if after < before { return .broken }
        if after == .passes, before != .passes { return .fixed }
        let isSame =
            old.engineStatus == new.engineStatus && old.cause == new.cause && old.remark == new.remark
            && old.comparison?.mismatched == new.comparison?.mismatched
            && old.comparison?.mask == new.comparison?.mask
        return isSame ? nil : .changed
    }

    private enum Standing: Int, Comparable {
        case fails, declines, passes

        static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }
    }

    private static func standing(_ status: Status) -> Standing {
        status.isFailure ? .fails : status == .unsupported ? .declines : .passes
    }
}
