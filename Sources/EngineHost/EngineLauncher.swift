internal import Conformance

/// Starts child processes for an engine's sessions.
struct EngineLauncher: Sendable {
    let command: EngineCommand
    let limits: EngineLimits
    /// Takes each line of a child's standard error.
    let standardError: @Sendable (String) -> Void

    /// A child that has greeted, and its greeting.
    func start() throws(EngineStartError) -> (process: EngineProcess, greeting: HelloReply) {
        let process: EngineProcess
        do throws(SystemError) {
            process = try EngineProcess(command, limits: limits, standardError: standardError)
        } catch {
            throw EngineStartError(engine: command.text, reason: "\(error)", isShortage: error.isShortage)
        }
        do throws(EngineFailure) {
            return (process, try process.greet())
        } catch {
            throw EngineStartError(engine: command.text, reason: error.text)
        }
    }

    /// Another child of an engine that has greeted before.
    func start(greetingAs expected: HelloReply) throws(EngineStartError) -> EngineProcess {
        let (process, greeting) = try start()
        if greeting == expected { return process }
        throw EngineStartError(
            engine: command.text, reason: "it greets as \(greeting), but greeted as \(expected) before")
    }
}
