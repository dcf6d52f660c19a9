internal import CChildProcess
internal import Glibc

/// A running program, leader of a process group of its own.
///
/// It is spawned with `posix_spawn`, closed over nothing but its three standard descriptors, and waited for here:
/// as long as nobody has waited for it, its number cannot pass to another process, so that killing its group is safe.
final class ChildProcess {
    private let pid: pid_t
    private var termination: Termination?

    /// Starts `arguments[0]`, searched on the PATH, with the given ends of pipes as its standard descriptors.
    init(
        _ arguments: [String], input: borrowing Descriptor, output: borrowing Descriptor, errors: borrowing Descriptor
    ) throws(SystemError) {
        var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        defer {
            for string in strings { free(string) }
        }
        strings.append(nil)
        let (inputNumber, outputNumber, errorsNumber) = (input.number, output.number, errors.number)
        pid = try LiveChildren.shared.add { () throws(SystemError) in
            var pid: pid_t = 0
            let status = cchild_spawn(strings, inputNumber, outputNumber, errorsNumber, &pid)
            try SystemError.check(status, "start '\(arguments.first ?? "")'")
            return pid
        }
    }

    deinit {
        end()
    }

    /// Whether the program has ended, by itself or otherwise.
    var hasExited: Bool {
        termination != nil || cchild_has_exited(pid) != 0
    }

    /// Kills what is left of the program and its process group, and says how the program itself ended.
    @discardableResult
    func end() -> Termination {
        if let termination { return termination }
        // Where the leader has exited already, this reaches what it started and left behind.
        kill(-pid, SIGKILL)
        // The leader may have moved to a group of its own choice.
        kill(pid, SIGKILL)
        LiveChildren.shared.remove(pid)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let termination = Termination(waitStatus: status)
        self.termination = termination
        return termination
    }
}
