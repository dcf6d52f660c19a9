/// An engine that a run can open sessions with, wherever it lives: in this process, or in a child.
public protocol EngineUnderTest: Sendable {
    /// Its name in reports, unique within a run.
    var name: String { get }
    var version: String { get }
    var capabilities: Capabilities { get }
    /// How it was set up, as it says: its threads, its backend. Nothing by default.
    var configuration: [String: String] { get }
    /// The words by which a command line gets this engine again: a registered name, or a command.
    var specification: String { get }
    /// Whether each session has a process of its own, which keeps nothing of another.
    var hasOwnProcess: Bool { get }

    /// A session of one worker.
    func openSession() throws(EngineStartError) -> any EngineSession
}

extension EngineUnderTest {
    public var configuration: [String: String] { [:] }
}

extension RunHeader.EngineIdentity {
    /// What a run says of an engine.
    init(_ engine: any EngineUnderTest) {
        self.init(
            name: engine.name, version: engine.version, specification: engine.specification,
            capabilities: engine.capabilities)
        configuration = engine.configuration
    }
}

/// A running engine that answers one request at a time.
public protocol EngineSession: AnyObject {
    /// How often the engine has been started: from one start to the next it may keep something.
    var starts: Int { get }
    /// Whether it copies operands that lie in any memory order, into the layouts that a request names; it does not by default.
    var reordersOperands: Bool { get }

    /// Starts the engine where it is not running: at first in some sessions, after a crash or a timeout in all.
    ///
    /// - Throws: why it could not be started. A session may be prepared again.
    func prepare() throws(EngineStartError)

    /// The answer to `request`, `.timeout` where it takes longer than `limit` of the engine's own time: its start and
    /// its waits for a processor do not count.
    func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer
}

extension EngineSession {
    public var reordersOperands: Bool { false }
}

/// Why an engine could not be started.
public struct EngineStartError: Error, Hashable, CustomStringConvertible {
    public let engine: String
    /// One sentence, and what the engine wrote to its standard error.
    public let reason: String
    /// Whether the host has run short of something, which is no fault of the engine's.
    public let isShortage: Bool

    public init(engine: String, reason: String, isShortage: Bool = false) {
        self.engine = engine
        self.reason = reason
        self.isShortage = isShortage
    }

    public var description: String { "engine '\(engine)' could not be started: \(reason)" }
}
