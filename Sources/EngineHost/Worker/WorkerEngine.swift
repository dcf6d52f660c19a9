public import Conformance

/// A registered Swift engine in child processes of this very program: whatever it does to its process costs one case.
public struct WorkerEngine: EngineUnderTest {
    /// Speaks with the processes that have made the engine.
    private let base: CommandEngine

    /// Starts a process that makes the engine, to learn what it declares; that process serves the first session.
    ///
    /// - Parameters:
    ///   - name: the engine's.
    ///   - worker: a program and its arguments that calls ``serveAsWorker(named:_:)``.
    ///   - standardError: takes each line that a worker writes to its standard output or error, from any thread; by default
    ///     it is written to this process's standard error.
    /// - Throws: `EngineStartError` where the engine cannot be made.
    public init(
        _ name: String, worker: [String], limits: EngineLimits = EngineLimits(),
        standardError: (@Sendable (String) -> Void)? = nil
    ) throws(EngineStartError) {
        base = try CommandEngine(
            EngineCommand(words: worker, text: name), limits: limits, isWorker: true, standardError: standardError)
        specification = name
    }

    public let specification: String
    public var name: String { base.name }
    public var version: String { base.version }
    public var capabilities: Capabilities { base.capabilities }
    public var configuration: [String: String] { base.configuration }
    public var hasOwnProcess: Bool { base.hasOwnProcess }

    public func openSession() throws(EngineStartError) -> any EngineSession {
        try base.openSession()
    }
}
