/// What a run tells its reports, in this order: one start, every result, every finding, one end.
public enum Event: Sendable {
    case started(RunHeader)
    case finished(CaseResult)
    case found(Finding)
    case ended(RunSummary)
}

/// What is known before the first case.
public struct RunHeader: Hashable, Sendable {
    /// An engine of the run.
    public struct EngineIdentity: Hashable, Sendable {
        public var name: String
        public var version: String
        /// The words by which a command line gets it again: a registered name, or a command.
        public var specification: String
        public var capabilities: Capabilities
        /// How it was set up, as it says: its threads, its backend.
        public var configuration: [String: String] = [:]

        public init(name: String, version: String, specification: String, capabilities: Capabilities) {
            self.name = name
            self.version = version
            self.specification = specification
            self.capabilities = capabilities
        }
    }

    public var engines: [EngineIdentity]
    /// The suites of the run, in order, with the number of selected cases.
    public var suites: [Suite]
    /// How many results there will be: cases x engines x layouts.
    public var planned: Int
    /// The digest of the golden data; empty where there is none.
    public var suiteDigest: String
    public var tolerance: Tolerance
    /// Further arguments that repeat this run's circumstances, such as an option that names the golden files, not quoted.
    public var repeatArguments: [String]
    /// The program that made the run.
    public var tool = Tool()
    public var layouts = LayoutSelection.sample
    /// Arguments that choose the cases, but for the shard, not quoted.
    public var selection: [String] = []
    /// Which part of the chosen cases it is, where it is not all of them.
    public var shard: Shard?
    /// How many problems of the lists that were run are left out, since they are not ours, by the reason.
    public var leftOut: [String: Int] = [:]

    /// What the order followed from in which engines met the cases; `nil` for that of the results.
    public var orderSeed: UInt64?
    /// How often each case was asked.
    public var repeats = 1

    /// The failures that are known.
    public var baseline: Baseline?

    /// A program and its version.
    public struct Tool: Hashable, Sendable {
        /// As it is called to repeat a check.
        public var program: String
        public var version: String

        public init(program: String = "convcheck", version: String = "") {
            self.program = program
            self.version = version
        }
    }

    /// One of several parts of the chosen cases: every nth case, from the ith on.
    public struct Shard: Hashable, Sendable {
        /// From 1.
        public var index: Int
        public var count: Int
        /// The cases of all parts together.
        public var cases: Int

        public init(index: Int, count: Int, cases: Int) {
            self.index = index
            self.count = count
            self.cases = cases
        }
    }

    /// A suite of the run.
    public struct Suite: Hashable, Sendable {
        public var name: String
        public var cases: Int
        /// The digest of the suite's golden data; `nil` where there is none.
        public var digest: String?

        public init(name: String, cases: Int, digest: String? = nil) {
            self.name = name
            self.cases = cases
            self.digest = digest
        }
    }

    public init(
        engines: [EngineIdentity], suites: [Suite], planned: Int, suiteDigest: String = "",
        tolerance: Tolerance = .derived, repeatArguments: [String] = []
    ) {
        self.engines = engines
        self.suites = suites
        self.planned = planned
        self.suiteDigest = suiteDigest
        self.tolerance = tolerance
        self.repeatArguments = repeatArguments
    }
}
