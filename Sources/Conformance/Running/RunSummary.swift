/// How a run ended.
public struct RunSummary: Hashable, Sendable {
    /// One engine on one suite.
    public struct Cell: Hashable, Sendable {
        public var engine: String
        public var suite: String

        public init(engine: String, suite: String) {
            self.engine = engine
            self.suite = suite
        }
    }

    public var counts = StatusCounts()
    public var cells: [Cell: StatusCounts] = [:]
    /// Golden data that could not be read, one sentence each.
    public var damage: [String] = []
    /// What the host ran short of, where that ended the run.
    public var shortage: String?
    /// Entries of the baseline that no result was listed by.
    public var unmatched: [Baseline.Entry] = []
    /// What was drawn anew for the run, where something was.
    public var fresh: FreshData?
    /// Whether the run was interrupted by the user.
    public var isInterrupted = false
    /// The time from start to end, in seconds.
    public var seconds = 0.0

    /// Data that was drawn for one run. It stands at the end of a run, so that nobody knows the seed before.
    public struct FreshData: Hashable, Sendable {
        /// What the data follows from.
        public var seed: UInt64
        /// How many cases it was drawn for.
        public var drawn: Int
        /// How many were given as they are stored.
        public var stored: Int

        public init(seed: UInt64, drawn: Int, stored: Int) {
            self.seed = seed
            self.drawn = drawn
            self.stored = stored
        }
    }

    public init() {}

    /// Counts a result.
    public mutating func count(_ result: CaseResult) {
        counts[result.status] += 1
        cells[Cell(engine: result.engine, suite: result.header.suite), default: StatusCounts()][result.status] += 1
    }

    /// Each damage once: every engine meets the same.
    public var distinctDamage: [String] {
        var seen: Set<String> = []
        return damage.filter { seen.insert($0).inserted }
    }

    /// What the process says to its caller.
    public var exitStatus: ExitStatus {
        if isInterrupted { return .interrupted }
        if !damage.isEmpty { return .goldenDamaged }
        if shortage != nil { return .engineNotStarted }
        if counts.failures > 0 || !unmatched.isEmpty { return .failed }
        return counts.executed == 0 ? .nothingExecuted : .success
    }
}

/// The exit status of the command line.
public enum ExitStatus: Int32, Hashable, Sendable {
    /// All as expected.
    case success = 0
    /// A case failed.
    case failed = 1
    case wrongUsage = 2
    case engineNotStarted = 3
    case nothingExecuted = 4
    /// Golden data or a record damaged, or of an unknown format.
    case goldenDamaged = 5
    case internalFault = 70
    case interrupted = 130
}
