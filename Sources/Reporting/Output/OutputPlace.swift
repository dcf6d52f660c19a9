internal import SystemPackage

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Where a report is written, and where it is when it is complete.
struct OutputPlace {
    let descriptor: FileDescriptor
    /// Whether it is standard output under another name.
    let isStandardOutput: Bool
    /// Where a report that is written beside its place is, and where it belongs; `nil` for what is written in place: a
    /// device, a pipe, an open descriptor, or a file in a folder that takes no other.
    private let move: (from: FilePath, to: FilePath)?

    private init(
        _ descriptor: FileDescriptor, isStandardOutput: Bool = false, move: (from: FilePath, to: FilePath)? = nil
    ) {
        self.descriptor = descriptor
        self.isStandardOutput = isStandardOutput
        self.move = move
    }

    /// Removes what is at the path and opens a file beside it.
    ///
    /// From now on the path holds no report until ``complete(_:)`` puts the new one there: what a run that failed leaves
    /// behind is not taken for its report.
    init(path: String) throws(Errno) {
        if let number = OutputPlace.descriptor(of: path) {
            self.init(
                try OutputPlace.system { try FileDescriptor(rawValue: number).duplicate() },
                isStandardOutput: number == FileDescriptor.standardOutput.rawValue)
            return
        }
        let place = FilePath(path)
        guard let old = try OutputPlace.status(of: place) else {
            if path.hasSuffix("/") { throw .isDirectory }
            self = try OutputPlace.beside(place, permissions: [.ownerReadWrite, .groupRead, .otherRead])
            return
        }
        // What may not be written may not be replaced either.
        let descriptor = try OutputPlace.open(place, [])
        if old.type == .regular {
            try? descriptor.close()
            self = try OutputPlace.beside(OutputPlace.resolved(place), permissions: old.permissions)
        } else {
            self.init(descriptor)
        }
    }

    /// A file beside its place; where that cannot be had, the emptied file that is in its place.
    private static func beside(_ place: FilePath, permissions: FilePermissions) throws(Errno) -> OutputPlace {
        let partial = FilePath(OutputPlace.partial(of: place.string))
        var opened: FileDescriptor?
        do throws(Errno) {
            try remove(partial)
            let descriptor = try open(partial, [.create, .exclusiveCreate], permissions)
            opened = descriptor
            try remove(place)
            return OutputPlace(descriptor, move: (partial, place))
        } catch {
            if let opened {
                try? opened.close()
                try? remove(partial)
            }
            // A folder that takes no other file, or a file that is mounted.
            return OutputPlace(try open(place, [.create, .truncate], permissions))
        }
    }

    private static func open(
        _ path: FilePath, _ options: FileDescriptor.OpenOptions, _ permissions: FilePermissions? = nil
    ) throws(Errno) -> FileDescriptor {
        try system {
            try FileDescriptor.open(path, .writeOnly, options: options.union(.closeOnExec), permissions: permissions)
        }
    }

    /// What the system's calls throw is always an `Errno`, which their declarations do not say.
    private static func system<Result>(_ call: () throws -> Result) throws(Errno) -> Result {
        do {
            return try call()
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    /// What is at a path, or `nil` where nothing is; a symbolic link to nothing is an error.
    private static func status(of path: FilePath) throws(Errno) -> Stat? {
        do throws(Errno) {
            return try path.stat()
        } catch {
            if error != .noSuchFileOrDirectory || path.isEmpty { throw error }
            if (try? path.stat(followTargetSymlink: false)) != nil { throw error }
            return nil
        }
    }

    /// Puts a complete report in its place.
    ///
    /// - Throws: where that cannot be done, or the file is another's by now.
    func complete(_ written: FileIdentity?) throws(Errno) {
        guard let move else { return }
        guard let written, FileIdentity(path: move.from.string) == written else { throw .noSuchFileOrDirectory }
        if rename(move.from.string, move.to.string) != 0 { throw Errno(rawValue: errno) }
    }

    /// Removes a report that is not complete.
    func discard(_ written: FileIdentity?) {
        guard let move, let written, FileIdentity(path: move.from.string) == written else { return }
        try? OutputPlace.remove(move.from)
    }

    /// The path at which a report is until it is complete.
    static func partial(of path: String) -> String { path + ".partial" }

    /// The number of the open descriptor that a path such as `/dev/stdout` or `/dev/fd/3` names.
    static func descriptor(of path: String) -> CInt? {
        switch path {
        case "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default:
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            let folder = parts.dropLast().joined(separator: "/")
            return ["/dev/fd", "/proc/self/fd"].contains(folder) ? parts.last.flatMap { CInt($0) } : nil
        }
    }

    private static func remove(_ path: FilePath) throws(Errno) {
        if unlink(path.string) != 0, errno != ENOENT { throw Errno(rawValue: errno) }
    }

    /// The path without symbolic links.
    private static func resolved(_ path: FilePath) throws(Errno) -> FilePath {
        guard let found = realpath(path.string, nil) else { throw Errno(rawValue: errno) }
        defer { free(found) }
        return FilePath(String(cString: found))
    }
}
