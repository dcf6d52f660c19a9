internal import Glibc
internal import Synchronization

/// The children of this process that have not been waited for.
///
/// A child that hangs does not see the end of its input, and would outlive a run that is interrupted: whoever is left
/// when this process calls `exit` is killed.
final class LiveChildren: Sendable {
    static let shared = LiveChildren()

    private struct State {
        var groups: Set<pid_t> = []
        var isExiting = false
    }

    private let state = Mutex(State())

    private init() {
        atexit { LiveChildren.shared.killAll() }
    }

    /// Registers the child that `spawn` starts.
    func add(_ spawn: () throws(SystemError) -> pid_t) throws(SystemError) -> pid_t {
        try state.withLock { state throws(SystemError) in
            if state.isExiting { throw SystemError(attempt: "start a child", code: ECANCELED) }
            let pid = try spawn()
            state.groups.insert(pid)
            return pid
        }
    }

    /// Forgets a child that is about to be waited for: afterwards its number may be another's.
    func remove(_ pid: pid_t) {
        state.withLock { _ = $0.groups.remove(pid) }
    }

    /// Kills them all, and lets none follow.
    func killAll() {
        state.withLock { state in
            state.isExiting = true
            for pid in state.groups {
                kill(-pid, SIGKILL)
            }
        }
    }
}
