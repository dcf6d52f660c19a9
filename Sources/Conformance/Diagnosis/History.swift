public import Convolution

/// What became of a failing check when it was asked again, in fresh processes of its engine: whether it fails by itself, or
/// only after something else, or now and then.
///
/// It holds what was seen; ``conclusion`` says what follows from it.
public struct History: Hashable, Sendable {
    /// What became of the check once.
    public enum Call: Character, Hashable, Sendable, CaseIterable {
        case passed = "P"
        /// It failed with the status that it had in the run.
        case failed = "F"
        /// It had another status, or there was no answer to be judged.
        case other = "O"
    }

    /// How often something became of the check, in the same circumstances.
    public struct Tally: Hashable, Sendable {
        public var failed = 0
        public var passed = 0
        public var other = 0

        public init(failed: Int = 0, passed: Int = 0, other: Int = 0) {
            self.failed = failed
            self.passed = passed
            self.other = other
        }

        public var total: Int { failed + passed + other }

        var allFailed: Bool { failed == total && total > 0 }
        var allPassed: Bool { passed == total && total > 0 }

        mutating func count(_ call: Call) {
            switch call {
            case .passed: passed += 1
            case .failed: failed += 1
            case .other: other += 1
            }
        }
    }

    /// What came of the check as the last of several cases, which fresh processes were asked in this order.
    public struct Sequel: Hashable, Sendable {
        /// The ids of the cases before it.
        public var cases: [String]
        public var tally = Tally()
        /// What the check has in common with the only one of ``cases``: `input shape`, `number of output elements`.
        public var shared: [String]

        public init(cases: [String], tally: Tally = Tally(), shared: [String] = []) {
            self.cases = cases
            self.tally = tally
            self.shared = shared
        }
    }

    /// What a wrong answer is made of, where that is what the engine had answered just before.
    public enum Echo: String, Hashable, Sendable {
        /// Every element is that of the answer before.
        case answerBefore = "answer-before"
        /// Every element is the sum of the right one and that of the answer before.
        case sumWithAnswerBefore = "sum-with-answer-before"
    }

    /// Why no more was tried.
    public enum Limit: Hashable, Sendable {
        /// The engine runs inside this process, of which there is no fresh one.
        case inProcess
        case time
        /// The engine could not be started, or the case not be read, for this reason.
        case trouble(String)
    }

    public enum Conclusion: Hashable, Sendable {
        /// It fails as the first case of a process.
        case alone
        /// It fails as the first call of a process, and passes as each later one.
        case firstCall
        /// It passes as the first call of a process, and fails as each later one.
        case laterCalls
        /// It fails as the first case of a process, and passes after another case.
        case aloneOnly
        /// It passes as the first case of a process, and fails after other cases.
        case after
        /// Which call of a process it is decides; those that failed, counted from 1.
        case certainCalls([Int])
        /// The same was asked so often, and failed so often.
        case sometimes(failed: Int, of: Int)
        /// It never failed again.
        case notAgain
        /// What was seen is too little, or contradicts itself.
        case open
        case notTried
    }

    /// How a check that was asked may have failed.
    public static let statuses: [Status] = [.fail, .error, .crash, .timeout]

    /// So many fresh processes have to agree, each way, before something is said to depend on what was asked before. An
    /// engine that fails by chance looks like that with a probability of 4^-8 at most.
    public static let enough = 8

    /// In which layouts the check was asked.
    public var layouts: LayoutPair
    /// What became of it in the run.
    public var status: Status
    /// Of first calls of fresh processes.
    public var alone = Tally()
    /// What came of the same check, asked over and over, for each process that was asked it more than once.
    public var calls: [[Call]] = []
    public var sequel: Sequel?
    public var echo: Echo?
    public var limit: Limit?

    public init(layouts: LayoutPair, status: Status) {
        self.layouts = layouts
        self.status = status
    }

    public var conclusion: Conclusion {
        if alone.total == 0 { return .notTried }
        let sequelTally = sequel?.tally ?? Tally()
        if alone.other + sequelTally.other > 0 || calls.joined().contains(.other) { return .open }
        if alone.failed > 0, alone.passed > 0 { return .sometimes(failed: alone.failed, of: alone.total) }
        if let mixed = conclusionFromCalls { return mixed }
        if sequelTally.failed > 0, sequelTally.passed > 0 {
            return .sometimes(failed: sequelTally.failed, of: sequelTally.total)
        }
        let isEnough = min(alone.total, sequelTally.total) >= Self.enough
        if alone.allFailed {
            if sequelTally.allPassed { return isEnough ? .aloneOnly : .open }
            return .alone
        }
        if sequelTally.allFailed { return isEnough ? .after : .open }
        return .notAgain
    }

    /// What follows where the same problem, asked over and over, both passed and failed.
    private var conclusionFromCalls: Conclusion? {
        let all = calls.joined()
        guard all.contains(.failed), all.contains(.passed) else { return nil }
        let isSame = calls.count > 1 && calls.allSatisfy { $0 == calls[0] }
        guard isSame else { return .sometimes(failed: all.count { $0 == .failed }, of: all.count) }
        let failing = calls[0].indices.filter { calls[0][$0] == .failed }.map { $0 + 1 }
        if failing == [1] { return alone.total >= Self.enough ? .firstCall : .open }
        return failing == Array(2...calls[0].count) ? .laterCalls : .certainCalls(failing)
    }
}
