public import Convolution

/// A golden case on trial: what engines are asked, and the verdict on what they answer.
///
/// Whoever gives cases to engines does it with this: the runner, the selftest, the diagnosis. What one of them accuses,
/// all accuse.
public struct Trial {
    public let golden: GoldenCase
    private let judge: Judge
    /// Made as they are needed.
    private var requests: [LayoutPair: EngineRequest] = [:]

    public init(_ golden: GoldenCase, judge: Judge = Judge()) {
        self.golden = golden
        self.judge = judge
    }

    /// What an engine is asked, with its tensors in the given layouts.
    public mutating func request(in layouts: LayoutPair) -> EngineRequest {
        if let request = requests[layouts] { return request }
        let request = golden.request(in: layouts)
        requests[layouts] = request
        return request
    }

    /// The verdict on an answer of an engine with the given capabilities.
    public func verdict(on answer: EngineAnswer, capabilities: Capabilities) -> Verdict {
        judge.verdict(on: answer, to: golden, capabilities: capabilities)
    }

    /// What became of a request.
    public struct Result: Sendable {
        public let answer: EngineAnswer
        public let verdict: Verdict
        /// How long the engine took.
        public let seconds: Double
    }

    /// Asks an engine's session.
    ///
    /// - Parameters:
    ///   - capabilities: those of the engine.
    ///   - limit: how much time of its own the engine may take.
    public mutating func result(
        of session: any EngineSession, capabilities: Capabilities, in layouts: LayoutPair,
        within limit: TimeLimit = .byWork
    ) -> Result {
        let request =
            session.reordersOperands
            ? EngineRequest(problem: golden.header.problem, operandsInAnyOrder: golden.operands, layouts: layouts)
            : request(in: layouts)
        let limit = limit.duration(for: request.problem)
        let start = ContinuousClock.now
        let answer = session.answer(to: request, within: limit)
        let seconds = (ContinuousClock.now - start).inSeconds
        return Result(answer: answer, verdict: verdict(on: answer, capabilities: capabilities), seconds: seconds)
    }

    /// The verdict on an engine, which is asked on this thread: for one that is known to end.
    public mutating func verdict(on engine: any Engine, in layouts: LayoutPair) -> Verdict {
        verdict(on: EngineAnswer(of: engine, to: request(in: layouts)), capabilities: engine.capabilities)
    }
}
