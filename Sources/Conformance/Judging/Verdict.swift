/// A status and what explains it.
public struct Verdict: Hashable, Sendable {
    public var status: Status
    /// Why, where the status is not `pass`.
    public var cause: Cause?
    /// What else is worth knowing, also of a pass: which of two right answers was given.
    public var remark: String?
    /// What the engine said of how it computed this output, where it did.
    public var computation: Computation?
    /// The output compared with the golden one, where there was one of the right shape.
    public var comparison: Comparison?
    /// What the baseline says of it, where the status is `xfail` or `xpass`.
    public var listing: Listing?

    /// The status without the baseline: what the engine did.
    public var engineStatus: Status {
        status == .xpass ? .pass : status == .xfail ? listing?.status ?? .fail : status
    }

    public init(
        _ status: Status, _ cause: Cause? = nil, remark: String? = nil, comparison: Comparison? = nil
    ) {
        self.status = status
        self.cause = cause
        self.remark = remark
        self.comparison = comparison
    }

    /// A verdict in the words of the engine, or of the host that speaks for it.
    public init(_ status: Status, reason: String, remark: String? = nil, comparison: Comparison? = nil) {
        self.init(status, .stated(reason), remark: remark, comparison: comparison)
    }
}
