internal import Conformance

/// One worker's child process, started anew where it fails.
final class CommandSession: EngineSession {
    /// After so many vain starts in a row, each of which may take the whole greeting limit, it is not tried again.
    private static let mostVainStarts = 3

    private let launcher: EngineLauncher
    private let greeting: HelloReply
    /// `nil` after a failure.
    private var process: EngineProcess?
    private var vainStarts = 0

    init(_ process: EngineProcess, _ launcher: EngineLauncher, _ greeting: HelloReply) {
        self.process = process
        self.launcher = launcher
        self.greeting = greeting
    }

    func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer {
        if vainStarts == CommandSession.mostVainStarts {
            return .crash("the engine is not started again, after \(vainStarts) vain attempts in a row")
        }
        let process: EngineProcess
        do throws(EngineStartError) {
            process = try runningProcess()
        } catch {
            vainStarts += 1
            return .crash("the engine could not be started again: \(error.reason)")
        }
        do throws(EngineFailure) {
            let answer = try process.answer(to: request, within: limit)
            self.process = process
            return answer
        } catch {
            self.process = nil
            return error.answer
        }
    }

    private func runningProcess() throws(EngineStartError) -> EngineProcess {
        if let process { return process }
        let process = try launcher.start(greetingAs: greeting)
        vainStarts = 0
        return process
    }
}
