internal import Conformance

/// Starts child processes for an engine's sessions.
struct EngineLauncher: Sendable {
    let command: EngineCommand
    let limits: EngineLimits
    /// Whether it is this program's own kind, which shares memory with its runner.
    let isWorker: Bool
    /// Takes each line of a child's standard error.
    let standardError: @Sendable (String) -> Void

    /// A child that has greeted, and its greeting.
    func start() throws(EngineStartError) -> (process: EngineProcess, greeting: HelloReply) {
        let process: EngineProcess
        do throws(SystemError) {
            process = try spawn()
        } catch {
            throw EngineStartError(engine: command.text, reason: "\(error)", isShortage: error.isShortage)
        }
        return (process, try greeting(of: process))
    }

    /// A child that has not greeted yet.
    func spawn() throws(SystemError) -> EngineProcess {
        try EngineProcess(command, limits: limits, isWorker: isWorker, standardError: standardError)
    }

    private func greeting(of process: EngineProcess) throws(EngineStartError) -> HelloReply {
        do throws(EngineFailure) {
            return try process.greet()
        } catch {
            throw EngineStartError(engine: command.text, reason: error.text)
        }
    }

    /// Another child of an engine that has greeted before: the one that has been spawned ahead, where there is one.
    func start(
        _ spawned: EngineProcess? = nil, greetingAs expected: HelloReply
    ) throws(EngineStartError) -> EngineProcess {
        let process: EngineProcess
        let greeting: HelloReply
        if let spawned {
            (process, greeting) = (spawned, try self.greeting(of: spawned))
        } else {
            (process, greeting) = try start()
        }
        if greeting == expected { return process }
        throw EngineStartError(
            engine: command.text, reason: "it greets as \(greeting), but greeted as \(expected) before")
    }
}
