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
    /// When the engine was asked; `nil` where it was not.
    public var turn: Turn?

    public init(
        engine: String, header: CaseHeader, layouts: LayoutPair = .golden, isPreferredLayout: Bool = true,
        verdict: Verdict, seconds: Double = 0, answer: KeptAnswer? = nil, turn: Turn? = nil
    ) {
        self.engine = engine
        self.header = header
        self.layouts = layouts
        self.isPreferredLayout = isPreferredLayout
        self.verdict = verdict
        self.seconds = seconds
        self.answer = answer
        self.turn = turn
    }

    public var status: Status { verdict.status }
}

/// Which instance of an engine was asked something, and when: what an engine may still know of cases before.
///
/// An instance is a process, or inside of this one an engine that was made; a new one begins with every worker, and after
/// every crash and timeout.
public struct Turn: Hashable, Sendable {
    /// Of all instances of the engine in the run, from 1.
    public var instance: Int
    /// Which case it was for the instance, from 1.
    public var place: Int

    public init(instance: Int, place: Int) {
        self.instance = instance
        self.place = place
    }
}
