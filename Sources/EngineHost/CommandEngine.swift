public import Conformance
internal import Synchronization

/// An engine in child processes: any program that speaks the engine protocol, version 1, on its standard input and
/// output.
///
/// Each session has a long-lived child of its own. What a child writes to its standard error is never judged: it is
/// passed on, line by line, or stands in the answer where the child fails.
public struct CommandEngine: EngineUnderTest {
    public let name: String
    public let version: String
    public let capabilities: Capabilities
    public let configuration: [String: String]
    private let launcher: EngineLauncher
    private let greeting: HelloReply
    private let first: FirstProcess

    /// Starts the program to learn who it is; that child serves the first session.
    ///
    /// - Parameter standardError: takes each line of a child's standard error, without its end, from any thread;
    ///   by default it is written to this process's.
    /// - Throws: `EngineStartError` where the program cannot be started, exits, does not greet in time, or greets with
    ///   another protocol or with a capability that is not known.
    public init(
        _ command: EngineCommand, limits: EngineLimits = EngineLimits(),
        standardError: (@Sendable (String) -> Void)? = nil
    ) throws(EngineStartError) {
        try self.init(command, limits: limits, isWorker: false, standardError: standardError)
    }

    /// - Parameter isWorker: whether the program calls `serveAsWorker`.
    init(
        _ command: EngineCommand, limits: EngineLimits, isWorker: Bool, standardError: (@Sendable (String) -> Void)?
    ) throws(EngineStartError) {
        launcher = EngineLauncher(
            command: command, limits: limits, isWorker: isWorker,
            standardError: standardError ?? StandardErrorWriter.shared.write)
        let (process, greeting) = try launcher.start()
        self.greeting = greeting
        first = FirstProcess(process)
        name = greeting.engine.name
        version = greeting.engine.version ?? ""
        capabilities = greeting.capabilities?.capabilities ?? Capabilities()
        configuration = greeting.engine.configuration?.words ?? [:]
    }

    public var specification: String { "cmd:\(launcher.command)" }
    public var hasOwnProcess: Bool { true }

    public func openSession() throws(EngineStartError) -> any EngineSession {
        let process: EngineProcess
        if let first = first.take() {
            process = first
        } else {
            process = try launcher.start(greetingAs: greeting)
        }
        return CommandSession(process, launcher, greeting)
    }
}

/// The child that told its engine's name, until a session takes it.
private final class FirstProcess: @unchecked Sendable {
    private let lock = Mutex(())
    private var process: EngineProcess?

    init(_ process: EngineProcess) {
        self.process = process
    }

    func take() -> EngineProcess? {
        lock.withLock { _ in
            defer { process = nil }
            return process
        }
    }
}
