internal import Conformance

/// One worker's child process, started anew where it fails.
final class CommandSession: EngineSession {
    /// After so many failed starts in a row, each of which may take the whole greeting limit, it is not tried again.
    private static let mostFailedStarts = 3

    private let launcher: EngineLauncher
    private let greeting: HelloReply
    /// `nil` after a failure.
    private var process: EngineProcess?
    /// Spawned ahead, once the engine has turned out to be one that fails: it starts while its predecessor computes.
    private var spare: EngineProcess?
    private var failedStarts = 0
    private(set) var starts = 1
    var reordersOperands: Bool { launcher.isWorker }

    init(_ process: EngineProcess, _ launcher: EngineLauncher, _ greeting: HelloReply) {
        self.process = process
        self.launcher = launcher
        self.greeting = greeting
    }

    func prepare() throws(EngineStartError) {
        if process != nil { return }
        if failedStarts == CommandSession.mostFailedStarts {
            throw EngineStartError(
                engine: launcher.command.text,
                reason: "it is not started again, after \(failedStarts) failed attempts in a row")
        }
        do throws(EngineStartError) {
            process = try launcher.start(spare.take(), greetingAs: greeting)
            failedStarts = 0
            starts += 1
            // A worker is small; a program may hold models and interpreters.
            if launcher.isWorker { spare = try? launcher.spawn() }
        } catch {
            if !error.isShortage { failedStarts += 1 }
            throw error
        }
    }

    func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer {
        do throws(EngineStartError) {
            try prepare()
        } catch {
            return .crash("the engine could not be started again: \(error.reason)")
        }
        guard let process else { return .crash("the engine is not running") }
        do throws(EngineFailure) {
            let answer = try process.answer(to: request, within: limit)
            // It has ended after its report.
            if case .violation(.touchedOutside) = answer { self.process = nil }
            return answer
        } catch {
            self.process = nil
            return error.answer
        }
    }
}
