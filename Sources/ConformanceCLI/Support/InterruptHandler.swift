internal import Conformance
internal import Dispatch
internal import EngineHost
internal import Foundation

/// Turns the first Ctrl-C (SIGINT) or SIGTERM into a request to end the run in good order, and the second into an end at
/// once.
final class InterruptHandler {
    let interruption = Interruption()
    private let sources: [any DispatchSourceSignal]

    /// How long the host may take to give it the threads that it needs; a busy one takes its time.
    private static let patience = DispatchTimeInterval.seconds(20)

    /// - Throws: ``Stop`` where the host has no threads for it.
    init() throws {
        let interruption = interruption
        sources = try [SIGINT, SIGTERM].map { number in
            #if canImport(Darwin)
                signal(number, SIG_IGN)
            #endif
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if interruption.isRequested { _exit(ExitStatus.interrupted.rawValue) }
                interruption.request()
                // It may take its time where nobody reads, and the second signal must find this handler idle.
                DispatchQueue.global().async {
                    // The terminal has written "^C" where its line was.
                    StandardError.write("\n")
                    StandardError.say("interrupted; ending the run (again: at once)")
                }
            }
            // Until it is registered, a signal ends the process, as it did before; ignored, it would be lost.
            let registered = DispatchSemaphore(value: 0)
            source.setRegistrationHandler { registered.signal() }
            source.resume()
            if registered.wait(timeout: .now() + InterruptHandler.patience) == .timedOut {
                throw Stop(
                    .engineNotStarted,
                    "the host has too few threads to begin a run: Resource temporarily unavailable")
            }
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
