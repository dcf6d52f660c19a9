/// What became of one case on one engine.
public enum Status: String, Hashable, Sendable, CaseIterable {
    case pass
    case fail
    /// The engine says that it cannot do this one. Never counted as passed.
    case unsupported
    /// The engine reported an error, or said something that nobody understands.
    case error
    case crash
    case timeout
    /// No answer was had: the run was cut off, or the golden data could not be read.
    case missing

    /// Whether the engine was put to the test.
    public var isExecuted: Bool { self != .unsupported && self != .missing }

    /// Whether a run with this status in it has failed.
    public var isFailure: Bool { self != .pass && self != .unsupported }
}

/// A status and what explains it.
public struct Verdict: Hashable, Sendable {
    public var status: Status
    /// One sentence, where the status is not `pass`.
    public var reason: String?
    /// What else is worth knowing, also of a pass: which of two right answers was given.
    public var remark: String?
    /// What the engine said of how it computed this output, where it did.
    public var computation: Computation?
    /// The output compared with the golden one, where there was one of the right shape.
    public var comparison: Comparison?

    public init(
        _ status: Status, reason: String? = nil, remark: String? = nil, comparison: Comparison? = nil
    ) {
        self.status = status
        self.reason = reason
        self.remark = remark
        self.comparison = comparison
    }
}
