internal import Conformance

/// Tells failures that say something new from those that a reader has seen already.
struct NoveltyFilter {
    enum Novelty {
        case new
        /// What the same case showed in the layout just before.
        case sameInAnotherLayout
        /// Not run for a reason that was told before, such as the run having been interrupted.
        case told
    }

    private var reasons: Set<[String]> = []
    private var last: CaseResult?

    /// What is new in a failure; to be asked once for each, in order.
    mutating func novelty(of result: CaseResult) -> Novelty {
        defer { last = result }
        if result.status == .missing {
            return reasons.insert([result.engine, result.reason]).inserted ? .new : .told
        }
        guard let last, last.engine == result.engine, last.header.id == result.header.id else { return .new }
        return last.verdict == result.verdict ? .sameInAnotherLayout : .new
    }
}
