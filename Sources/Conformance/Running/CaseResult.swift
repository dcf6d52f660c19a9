public import Convolution

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
    /// What the engine answered, where it failed and the answer was kept.
    public var answer: KeptAnswer?

    public init(
        engine: String, header: CaseHeader, layouts: LayoutPair = .golden, isPreferredLayout: Bool = true,
        verdict: Verdict, seconds: Double = 0, answer: KeptAnswer? = nil
    ) {
        self.engine = engine
        self.header = header
        self.layouts = layouts
        self.isPreferredLayout = isPreferredLayout
        self.verdict = verdict
        self.seconds = seconds
        self.answer = answer
    }

    public var status: Status { verdict.status }
}
