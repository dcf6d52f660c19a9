public import Convolution

/// What is asked of an engine: never the case's name, its expected output or that output's shape.
public struct EngineRequest: Sendable {
    public var problem: Problem
    /// `[batch, height, width, channels]`, in the memory order of the layout that the engine is given.
    public var input: Tensor<Float>
    /// `[kernel height, kernel width, channels / groups, filters]`, likewise.
    public var filter: Tensor<Float>
    /// One number for each filter.
    public var bias: [Float]?
    /// How `input` and `filter` lie in memory.
    public var layouts: LayoutPair

    /// A request whose tensors are put into `layouts`.
    public init(
        problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?, layouts: LayoutPair = .golden
    ) {
        self.problem = problem
        self.input = input.reordered(to: layouts.activation.order)
        self.filter = filter.reordered(to: layouts.filter.order)
        self.bias = bias
        self.layouts = layouts
    }
}

/// What an engine said to a request, or what became of it instead.
public enum EngineAnswer: Sendable {
    /// `[batch, output height, output width, filters]`, not yet compared with anything, and how it was computed.
    case output(Tensor<Float>, Computation = Computation())
    /// The engine cannot do this one.
    case unsupported(String)
    /// The engine says that the problem is invalid.
    case rejected(String)
    /// The engine declines, and does not say whether the problem or its own limits are the cause.
    case refused(String)
    /// The engine tried and failed, or said something that nobody understands.
    case error(String)
    /// The engine died.
    case crash(String)
    /// The engine did not answer in time.
    case timeout(String)
}

/// A running engine that answers one request at a time.
public protocol EngineSession: AnyObject {
    /// Starts the engine where it is not running: at first in some sessions, after a crash or a timeout in all.
    ///
    /// - Throws: why it could not be started. A session may be prepared again.
    func prepare() throws(EngineStartError)

    /// The answer to `request`, `.timeout` where it takes longer than `limit` of the engine's own time: its start and
    /// its waits for a processor do not count.
    func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer
}

/// An engine that a run can open sessions with, wherever it lives: in this process, or in a child.
public protocol EngineUnderTest: Sendable {
    /// Its name in reports, unique within a run.
    var name: String { get }
    var version: String { get }
    var capabilities: Capabilities { get }
    /// What to pass to `--engine` to get this engine again.
    var specification: String { get }

    /// A session of one worker.
    func openSession() throws(EngineStartError) -> any EngineSession
}

/// Why an engine could not be started.
public struct EngineStartError: Error, Hashable, CustomStringConvertible {
    public let engine: String
    /// One sentence, and what the engine wrote to its standard error.
    public let reason: String
    /// Whether it is the host that has not enough of something, and not the engine that fails.
    public let isShortage: Bool

    public init(engine: String, reason: String, isShortage: Bool = false) {
        self.engine = engine
        self.reason = reason
        self.isShortage = isShortage
    }

    public var description: String { "engine '\(engine)' could not be started: \(reason)" }
}
