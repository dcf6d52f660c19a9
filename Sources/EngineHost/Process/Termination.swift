internal import CChildProcess
internal import Glibc

/// How a child process ended.
enum Termination: Hashable, CustomStringConvertible {
    case exited(status: Int32)
    case killed(signal: Int32)

    /// - Parameter status: as `waitpid` gives it.
    init(waitStatus status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited(status: status >> 8 & 0xff) : .killed(signal: signal)
    }

    /// The end of a sentence that begins with "the engine".
    var description: String {
        switch self {
        case .exited(let status):
            return "exited with status \(status)"
        case .killed(let signal):
            let name = cchild_signal_name(signal).map { "SIG" + String(cString: $0) } ?? "signal \(signal)"
            return "was killed by \(name) (\(String(cString: strsignal(signal))))"
        }
    }
}
