internal import Conformance

/// Tells what a reader has seen already: what was not run because the run was stopped is said once, not for each case.
struct RepeatedReasons {
    private var seen: Set<[String]> = []

    /// Whether a failure says something new.
    mutating func isNews(_ result: CaseResult) -> Bool {
        guard result.status == .missing else { return true }
        return seen.insert([result.engine, result.reason]).inserted
    }
}
