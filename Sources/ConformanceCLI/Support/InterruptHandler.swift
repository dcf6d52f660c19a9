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
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if interruption.isRequested {
                    killEngineProcesses()
                    _exit(ExitStatus.interrupted.rawValue)
                }
                StandardError.write("\nconvcheck: interrupted; ending the running cases (again: at once)\n")
                interruption.request()
            }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
