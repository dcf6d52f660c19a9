internal import CChildProcess
internal import Glibc

/// A running program, leader of a process group of its own.
///
/// It has nothing but its three standard descriptors, is in the care of the ``Guardian``, and is waited for here: as long
/// as nobody has waited for it, its number cannot pass to another process, so that killing its group is safe.
final class ChildProcess {
    /// What a Swift program that crashes says of it: the message and the innermost frames of the thread that crashed,
    /// without colours, registers and images.
    private static let backtrace =
        "SWIFT_BACKTRACE=enable=yes,color=no,interactive=no,threads=crashed,registers=none,images=none,limit=8,top=0"

    let pid: pid_t
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
        var setting = Array(ChildProcess.backtrace.utf8CString)
        let guardian = try Guardian.stream()
        var pid: pid_t = 0
        let status = cchild_spawn(strings, &setting, input.number, output.number, errors.number, guardian, &pid)
        try SystemError.check(status, "start '\(arguments.first ?? "")'")
        self.pid = pid
    }

    deinit {
        end()
    }

    /// The folders that describe every thread of the program and of its descendants.
    var threads: [String] {
        var folders: [String] = []
        var processes = [pid]
        while let process = processes.popLast() {
            let tasks = "/proc/\(process)/task"
            for thread in contents(ofFolder: tasks) {
                folders.append("\(tasks)/\(thread)")
                processes += contents(ofFile: "\(tasks)/\(thread)/children").split(separator: " ").compactMap {
                    pid_t($0)
                }
            }
        }
        return folders
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
        Guardian.release(pid)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let termination = Termination(waitStatus: status)
        self.termination = termination
        return termination
    }
}

/// The names in a folder of the system's, which are numbers; none where it is gone.
private func contents(ofFolder path: String) -> [pid_t] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [pid_t] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if let number = pid_t(name) { names.append(number) }
    }
    return names
}

/// A short text of the system's; empty where it is gone.
private func contents(ofFile path: String) -> String {
    guard let file = fopen(path, "re") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
}
