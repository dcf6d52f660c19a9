internal import CChildProcess
internal import Glibc

/// A running program, leader of a process group of its own.
///
/// It has nothing but the descriptors that it is given, is in the care of the ``Guardian``, and is waited for here: as long
/// as nobody has waited for it, its number cannot pass to another process, so that killing its group is safe.
final class ChildProcess {
    /// What a Swift program that crashes says of it: the message and the innermost frames of the thread that crashed,
    /// without colours, registers and images.
    private static let backtrace =
        "SWIFT_BACKTRACE=enable=yes,color=no,interactive=no,threads=crashed,registers=none,images=none,limit=8,top=0"
    /// Where the golden data may lie is no engine's to know.
    private static let hidden = "CONVCHECK_GOLDEN"

    let pid: pid_t
    private var termination: Termination?
    /// Where its compilers write, as long as there is something of it.
    private var scratch: ScratchFolder?

    /// Starts `arguments[0]`, searched on the PATH.
    ///
    /// - Parameters:
    ///   - descriptors: what it has as its descriptors 0, 1, 2 and so on.
    ///   - paths: what it may use where it is confined; `nil` where it is not.
    ///   - mayCompile: whether it may start other programs then.
    init(
        _ arguments: [String], descriptors: [Int32], paths: [Confinement.Path]? = nil, mayCompile: Bool = false
    ) throws(SystemError) {
        let scratch = mayCompile ? try ScratchFolder() : nil
        let paths = paths.map { $0 + (scratch.map { [Confinement.Path(path: $0.path, use: .scratch)] } ?? []) }
        let strings = cStrings(arguments)
        let replacements = cStrings(scratch?.settings ?? [])
        let names = cStrings((paths ?? []).map(\.path))
        defer {
            for string in strings + replacements + names { free(string) }
        }
        let permissions = zip(names, paths ?? []).map { cconfine_path(path: $0, use: $1.use.number) }
        var setting = Array(ChildProcess.backtrace.utf8CString)
        let guardian = try Guardian.stream()
        var pid: pid_t = 0
        let status = setting.withUnsafeMutableBufferPointer { setting in
            strings.withUnsafeBufferPointer { strings in
                descriptors.withUnsafeBufferPointer { descriptors in
                    ChildProcess.hidden.withCString { hidden in
                        permissions.withUnsafeBufferPointer { permissions in
                            replacements.withUnsafeBufferPointer { replacements in
                                var start = cchild_start(
                                    arguments: strings.baseAddress, setting: setting.baseAddress,
                                    replacements: replacements.baseAddress, hidden: hidden,
                                    descriptors: descriptors.baseAddress, descriptor_count: Int32(descriptors.count),
                                    guardian: guardian, paths: permissions.baseAddress,
                                    path_count: Int32(permissions.count), is_confined: paths == nil ? 0 : 1,
                                    may_compile: mayCompile ? 1 : 0)
                                return cchild_spawn(&start, &pid)
                            }
                        }
                    }
                }
            }
        }
        try SystemError.check(status, "start '\(arguments.first ?? "")'")
        self.pid = pid
        self.scratch = scratch
    }

    deinit {
        end()
    }

    /// The folders that describe every thread of the program and of its descendants.
    var threads: [String] { processes.flatMap(\.threads) }

    /// How many bytes of memory the program and its descendants have at the moment; 0 where the system does not say.
    var memory: Int {
        let pages = processes.reduce(0) { sum, process in
            let words = contents(ofFile: "/proc/\(process.number)/statm").split(separator: " ")
            return sum + (words.count > 1 ? Int(words[1]) ?? 0 : 0)
        }
        return pages * Int(getpagesize())
    }

    /// The program and its descendants.
    private var processes: [(number: pid_t, threads: [String])] {
        var found: [(number: pid_t, threads: [String])] = []
        var numbers = [pid]
        while let number = numbers.popLast() {
            let tasks = "/proc/\(number)/task"
            let threads = contents(ofFolder: tasks).map { "\(tasks)/\($0)" }
            found.append((number, threads))
            for thread in threads {
                numbers += contents(ofFile: "\(thread)/children").split(separator: " ").compactMap { pid_t($0) }
            }
        }
        return found
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
        scratch = nil
        return termination
    }
}

/// Copies as C takes a list of strings, ended by NULL.
private func cStrings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] { strings.map { strdup($0) } + [nil] }

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
