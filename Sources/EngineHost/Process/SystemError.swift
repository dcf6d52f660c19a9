internal import Glibc

/// A system call that failed.
struct SystemError: Error, Hashable, CustomStringConvertible {
    /// What was attempted.
    let attempt: String
    /// The value of `errno`.
    let code: Int32

    /// Whether the host has not enough of something.
    var isShortage: Bool { [EMFILE, ENFILE, EAGAIN, ENOMEM, ENOBUFS].contains(code) }

    var description: String { "\(attempt): \(String(cString: strerror(code)))" }

    /// - Throws: the error where `status`, as CChildProcess's functions return it, is a negated `errno`.
    static func check(_ status: Int32, _ attempt: String) throws(SystemError) {
        if status < 0 { throw SystemError(attempt: attempt, code: -status) }
    }

    /// The error that the last system call of this thread left.
    static func last(_ attempt: String) -> SystemError {
        SystemError(attempt: attempt, code: errno)
    }
}
