internal import CChildProcess
internal import Glibc

/// What engine processes may use of the machine: no network, no other process, and no files but the system's libraries and
/// their own folder, to be read; or, where they are to compile, programs of the system and a folder for what these write.
///
/// A child confines itself before it executes the engine's program, with Landlock and seccomp; nothing that runs in it
/// afterwards can take it back.
public struct Confinement: Hashable, Sendable {
    /// What engines may read besides; what lies under `/dev` they may also write.
    public var allowed: [String]
    /// What they may not read, wherever it lies: the golden data.
    public var hidden: [String]
    /// Whether they may start compilers: other programs, confined as they are, which end with them and may write into a
    /// folder that is made for each of them, and goes with it.
    public var compilers: Bool

    public init(allowed: [String] = [], hidden: [String] = [], compilers: Bool = false) {
        self.allowed = allowed
        self.hidden = hidden
        self.compilers = compilers
    }

    /// What this system cannot keep an engine from, in words that follow "engines are not kept from"; empty where it can do
    /// everything.
    public var lacking: [String] {
        let available = cconfine_available(compilers ? 1 : 0)
        return [
            (cconfine_files, "files: Landlock is not there (Linux 5.13)"),
            (cconfine_network, "the network: seccomp is not there"),
            (cconfine_processes, "other processes: seccomp is not there"),
            (
                cconfine_signals,
                compilers
                    ? "signals to other processes: of who starts compilers, only Landlock can (Linux 6.12)"
                    : "signals to other processes: seccomp is not there"
            ),
        ].filter { available & Int32($0.0) == 0 }.map(\.1)
    }

    /// A path with what lies beneath it.
    struct Path: Hashable {
        enum Use: Hashable {
            case read, write
            /// A folder in which files are made.
            case scratch

            var number: Int32 {
                switch self {
                case .read: Int32(cconfine_read)
                case .write: Int32(cconfine_write)
                case .scratch: Int32(cconfine_scratch)
                }
            }
        }

        let path: String
        let use: Use
    }

    /// What every program needs.
    private static let system = [
        "/usr", "/bin", "/lib", "/lib64", "/opt", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
        "/etc/alternatives", "/etc/localtime", "/dev/zero", "/dev/random", "/dev/urandom", "/proc/self",
        "/proc/cpuinfo",
        "/proc/meminfo", "/sys/devices/system/cpu", "/sys/devices/system/node",
    ]
    /// Names of folders in which what is hidden may lie in another form.
    private static let histories = [".git"]

    /// What a command may use.
    func paths(for command: EngineCommand) -> [Path] {
        let hidden = self.hidden.compactMap(FilePlace.resolved)
        let own = command.words.flatMap(FilePlace.folders(ofWord:)) + FilePlace.foldersOfLibraries
        let readable = (Confinement.system + own + allowed).flatMap { path -> [String] in
            // It is another folder for the child than for this process.
            if path == "/proc/self" { return [path] }
            return FilePlace.resolved(path).map { Confinement.grants($0, without: hidden) } ?? []
        }
        let writable = ["/dev/null"] + allowed.filter { $0.hasPrefix("/dev/") }
        var paths: [Path] = []
        var seen: Set<String> = []
        for path in readable where seen.insert(path).inserted { paths.append(Path(path: path, use: .read)) }
        return paths + writable.map { Path(path: $0, use: .write) }
    }

    /// A path, or where something hidden lies beneath it, what else lies there.
    private static func grants(_ path: String, without hidden: [String]) -> [String] {
        if hidden.contains(where: { path == $0 || FilePlace.isBeneath(path, $0) }) { return [] }
        guard hidden.contains(where: { FilePlace.isBeneath($0, path) }) else { return [path] }
        return FilePlace.names(in: path).filter { !histories.contains($0) }.flatMap {
            grants(path == "/" ? "/" + $0 : path + "/" + $0, without: hidden)
        }
    }
}

/// Where files lie.
enum FilePlace {
    /// A path without links; `nil` where nothing is there.
    static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func isBeneath(_ path: String, _ folder: String) -> Bool {
        path.hasPrefix(folder == "/" ? "/" : folder + "/")
    }

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The folder of the file that a command's word names, if it names one, and of what it links to; of a program in `bin`
    /// the folder above, where a virtual environment begins.
    static func folders(ofWord word: String) -> [String] {
        var word = word
        if word.hasPrefix(EngineLibrary.prefix), let library = try? EngineLibrary(String(word.dropFirst(4))) {
            word = library.path
        }
        var status = stat()
        guard !word.isEmpty, stat(word, &status) == 0 else { return [] }
        if status.st_mode & S_IFMT == S_IFDIR { return [word] }
        guard status.st_mode & S_IFMT == S_IFREG else { return [] }
        // A link of the system's to a file lies among what tells of this process.
        let named = word.hasPrefix("/proc/") ? nil : parent(of: word)
        return [named, resolved(word).map(parent(of:))].compactMap(\.self).flatMap { folder -> [String] in
            let full = resolved(folder) ?? folder
            return full.hasSuffix("/bin") ? [full, parent(of: full)] : [full]
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The folders of the libraries that this process has loaded, such as a toolchain's.
    static let foldersOfLibraries: [String] = {
        guard let file = fopen("/proc/self/maps", "re") else { return [] }
        defer { fclose(file) }
        var folders: [String] = []
        var line = [CChar](repeating: 0, count: 8192)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            guard let start = text.firstIndex(of: "/"), text.contains(".so") else { continue }
            let folder = parent(of: String(text[start...]))
            if !folders.contains(folder) { folders.append(folder) }
        }
        return folders
    }()
}
