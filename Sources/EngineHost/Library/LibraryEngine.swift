public import Conformance

/// An engine in a shared library, which child processes load and answer for: whatever it does to its process costs one
/// case.
public struct LibraryEngine: EngineUnderTest {
    /// Speaks with the processes that have loaded the library.
    private let base: CommandEngine

    /// Starts a process that loads the library, to learn what it declares; that process serves the first session.
    ///
    /// - Parameters:
    ///   - worker: a program and its arguments that, with the library's `description` as the last one, calls
    ///     ``serveAsWorker(_:)``.
    ///   - standardError: takes each line that a worker writes to its standard output or error, from any thread; by default
    ///     it is written to this process's standard error.
    /// - Throws: `EngineStartError` where the library cannot be loaded, lacks a function, has another ABI version, declares
    ///   what is not known, or ends its process.
    public init(
        _ library: EngineLibrary, worker: [String], limits: EngineLimits = EngineLimits(),
        standardError: (@Sendable (String) -> Void)? = nil
    ) throws(EngineStartError) {
        let command = EngineCommand(words: worker + [library.description], text: library.description)
        base = try CommandEngine(command, limits: limits, isWorker: true, standardError: standardError)
        specification = library.description
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
