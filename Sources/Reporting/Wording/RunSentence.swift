internal import Conformance

/// What came of a run, in one sentence.
///
/// A check is one case on one engine in one layout.
struct RunSentence {
    let text: String

    /// What was drawn anew, and what repeats it; `nil` where nothing was.
    static func freshData(_ summary: RunSummary) -> String? {
        summary.fresh.map {
            "fresh data from seed \($0.seed): \(Numbers.count($0.drawn, "case")) drawn anew, \(Numbers.count($0.stored)) as "
                + "stored; --fresh \($0.seed) draws the same"
        }
    }

    init(_ summary: RunSummary, header: RunHeader?) {
        let counts = summary.counts
        let checks = Numbers.count(counts.total, "check")
        let passed = "\(Numbers.count(counts[.pass])) passed"
        let unsupported = [Status.unsupported, .xfail].filter { counts[$0] > 0 }
            .map { ", \(Numbers.count(counts[$0])) \($0.rawValue)" }.joined()
        let time = Numbers.duration(summary.seconds)
        switch summary.exitStatus {
        case .success:
            let engines = header.map { " on \(Numbers.count($0.engines.count, "engine"))" } ?? ""
            let isAll = counts[.pass] == counts.total
            let share = isAll ? "all \(checks)" : "\(Numbers.count(counts[.pass])) of \(checks)"
            text = "passed: \(share)\(engines)\(unsupported), in \(time)"
        case .failed:
            let stale = summary.unmatched.count
            let entries = Numbers.count(stale, "entry", "entries") + " of the baseline without a failure"
            let failures =
                "\(Numbers.count(counts.failures)) of \(checks) (\(RunSentence.failures(counts)))"
            let parts = (counts.failures > 0 ? [failures] : []) + (stale > 0 ? [entries] : [])
            text = "FAILED: \(parts.joined(separator: ", ")), \(passed)\(unsupported), in \(time)"
        case .nothingExecuted:
            text =
                counts.total == 0
                ? "NOTHING EXECUTED: no check was planned"
                : "NOTHING EXECUTED: of \(checks) \(RunSentence.unexecuted(counts))"
        case .goldenDamaged:
            text =
                "GOLDEN DATA DAMAGED: \(Numbers.count(summary.distinctDamage.count, "fault"));"
                + " of \(checks) \(passed), \(Numbers.count(counts.failures)) failed\(unsupported), in \(time)"
        case .interrupted:
            text =
                "INTERRUPTED after \(time): \(Numbers.count(counts[.missing])) of \(checks) were not run,"
                + " \(passed), \(Numbers.count(counts.failures - counts[.missing])) failed\(unsupported)"
        case .wrongUsage, .engineNotStarted, .internalFault:
            text = "ENDED with exit status \(summary.exitStatus.rawValue)"
        }
    }

    /// The failures by status: `3 fail, 1 crash`.
    static func failures(_ counts: StatusCounts) -> String {
        list(counts) { $0.isFailure }
    }

    /// Every status that occurs: `49 pass, 4 fail, 30 unsupported`, or `-` where nothing was run.
    static func tally(_ counts: StatusCounts) -> String {
        counts.total == 0 ? "-" : list(counts) { _ in true }
    }

    private static func unexecuted(_ counts: StatusCounts) -> String {
        list(counts) { !$0.isExecuted }
    }

    private static func list(_ counts: StatusCounts, where isListed: (Status) -> Bool) -> String {
        Status.allCases.filter { isListed($0) && counts[$0] > 0 }
            .map { "\(Numbers.count(counts[$0])) \($0.rawValue)" }.joined(separator: ", ")
    }
}

extension StatusCounts {
    /// Several counts added up.
    init(sum counts: [StatusCounts]) {
        self.init()
        for status in Status.allCases {
            self[status] = counts.reduce(0) { $0 + $1[status] }
        }
    }
}
