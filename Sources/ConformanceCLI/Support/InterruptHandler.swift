internal import Conformance
internal import Dispatch
internal import EngineHost
internal import Foundation

/// Turns the first Ctrl-C (SIGINT) or SIGTERM into a request to end the run in good order, and the second into an end at
/// once.
final class InterruptHandler {
    let interruption = Interruption()
    private let sources: [any DispatchSourceSignal]

    init() {
        let interruption = interruption
        sources = [SIGINT, SIGTERM].map { number in
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
            registered.wait()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
