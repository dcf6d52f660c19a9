internal import Benchmarking
internal import Conformance

/// What was found of a submission, and what it comes to.
struct Judgement {
    /// What is said of it: its file.
    let name: String
    private var counts = StatusCounts()
    private var mainEngine: String?
    /// Whether all that was asked was answered rightly on the device that matters most: what is unsupported was not.
    private(set) var isWhole = true
    private var isNear = true
    private var timed = 0
    private var untimed = 0

    init(_ name: String) { self.name = name }

    /// Takes what a run tells.
    mutating func note(_ event: Event) {
        if case .started(let header) = event { mainEngine = header.engines.last?.name }
        guard case .finished(let result) = event else { return }
        counts[result.status] += 1
        if result.engine == mainEngine, result.status != .pass { isWhole = false }
        if result.status.isFailure, !result.verdict.isNear { isNear = false }
    }

    /// Takes what became of the engine that was timed first.
    mutating func note(_ outcome: Benchmark.Outcome) {
        guard let measurement = outcome.measurements.first else { return }
        if measurement.verdict == .timed { timed += 1 }
        if measurement.isFailure { untimed += 1 }
    }

    /// Whether there are failures, and every one is of numbers near the right ones, as those of a transform are.
    var isNearlyRight: Bool { counts.failures > 0 && isNear }

    /// Whether it was wrong, did not answer, or answered too soon, when it was timed.
    var isWrongWhenTimed: Bool { untimed > 0 }

    /// The verdict: one line.
    ///
    /// - Parameter status: how the command ends.
    func line(_ status: ExitStatus) -> String {
        func checks(_ number: Int) -> String { "\(number) of \(counts.total) checks on fresh data" }
        func problems(_ number: Int) -> String { number == 1 ? "1 problem" : "\(number) problems" }
        let unsupported = counts[.unsupported] > 0 ? ", \(counts[.unsupported]) unsupported" : ""
        if counts.executed > 0, counts.failures == 0, status != .interrupted {
            if !isWhole { return "NOT JUDGED: \(name) passed \(checks(counts[.pass]))\(unsupported); not timed" }
            if isWrongWhenTimed {
                return
                    "WRONG: \(name) passed \(checks(counts[.pass]))\(unsupported), and then, when it was timed, was wrong, "
                    + "did not answer, or answered sooner than it can have computed, in \(problems(untimed))"
            }
            return "RIGHT: \(name) passed \(checks(counts[.pass]))\(unsupported); "
                + (timed > 0 ? "\(problems(timed)) timed" : "not timed")
        }
        return switch status {
        case .failed: "WRONG: \(name) failed \(checks(counts.failures))\(unsupported); not timed"
        case .engineNotStarted: "NOT JUDGED: \(name) could not be started"
        case .nothingExecuted: "NOT JUDGED: \(name) computes none of the problems"
        case .interrupted: "NOT JUDGED: \(name), for the run was interrupted"
        default: "NOT JUDGED: \(name), for the run ended with exit status \(status.rawValue)"
        }
    }
}

extension Verdict {
    /// Whether an answer is wrong by little, as one whose errors follow the largest numbers of an image.
    fileprivate var isNear: Bool {
        guard let comparison, cause == .mismatch || cause == .precisionLost else { return false }
        let largest = comparison.worst.reduce(1) { max($0, abs($1.want)) }
        return comparison.worst.allSatisfy { $0.error <= 1e-4 * largest }
    }
}
