public import Convolution

/// What a run tells its reports, in this order: one start, every result, one end.
public enum Event: Sendable {
    case started(RunHeader)
    case finished(CaseResult)
    case ended(RunSummary)
}

/// What is known before the first case.
public struct RunHeader: Hashable, Sendable {
    /// An engine of the run.
    public struct EngineIdentity: Hashable, Sendable {
        public var name: String
        public var version: String
        /// What to pass to `--engine` to get it again.
        public var specification: String
        public var capabilities: Capabilities

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
    /// Further arguments that repeat this run's circumstances, such as `--golden` and a path, not quoted.
    public var repeatArguments: [String]

    /// A suite of the run.
    public struct Suite: Hashable, Sendable {
        public var name: String
        public var cases: Int

        public init(name: String, cases: Int) {
            self.name = name
            self.cases = cases
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

/// What became of one case on one engine in one layout.
public struct CaseResult: Hashable, Sendable {
    public var engine: String
    public var header: CaseHeader
    /// The layouts in which the engine was given its tensors.
    public var layouts: LayoutPair
    /// Whether these are the engine's preferred layouts.
    public var isPreferredLayout: Bool
    public var verdict: Verdict
    /// The time that the engine took, in seconds.
    public var seconds: Double

    public init(
        engine: String, header: CaseHeader, layouts: LayoutPair = .golden, isPreferredLayout: Bool = true,
        verdict: Verdict, seconds: Double = 0
    ) {
        self.engine = engine
        self.header = header
        self.layouts = layouts
        self.isPreferredLayout = isPreferredLayout
        self.verdict = verdict
        self.seconds = seconds
    }

    public var status: Status { verdict.status }
}
