/// What became of one case on one engine.
public enum Status: String, Hashable, Sendable, CaseIterable {
    case pass
    case fail
    /// The engine says that it cannot do this one. Never counted as passed.
    case unsupported
    /// The engine reported an error, or said something that makes no sense.
    case error
    case crash
    case timeout
    /// There is no answer: the run was cut short, or the golden data could not be read.
    case missing
    /// It failed as the baseline says that it does. Never counted as passed.
    case xfail
    /// It passed, and the baseline lists it as a failure.
    case xpass

    /// Whether the engine was put to the test.
    public var isExecuted: Bool { self != .unsupported && self != .missing }

    /// Whether a run with this status in it has failed.
    public var isFailure: Bool { self != .pass && self != .unsupported && self != .xfail }
}

/// How often each status occurred.
public struct StatusCounts: Hashable, Sendable {
    private var counts: [Status: Int] = [:]

    public init() {}

    public subscript(status: Status) -> Int {
        get { counts[status, default: 0] }
        set { counts[status] = newValue }
    }

    public var total: Int { counts.values.reduce(0, +) }
    /// Cases in which an engine was put to the test.
    public var executed: Int { sum { $0.isExecuted } }
    public var failures: Int { sum { $0.isFailure } }

    private func sum(_ isCounted: (Status) -> Bool) -> Int {
        counts.reduce(0) { isCounted($1.key) ? $0 + $1.value : $0 }
    }
}
