internal import SystemPackage

/// A file that a report is written to: opened before the run, written as the run goes.
///
/// Writing does not throw, so that a full disk does not stop a run. The first error is kept, later text is dropped, and
/// ``close()`` throws the error.
public final class OutputFile {
    /// What the file is called in messages.
    public let name: String
    /// The first error, where there was one.
    public private(set) var failure: OutputError?
    /// Whether the other end of a pipe was closed, as `| head` does. That is no failure of standard output.
    public private(set) var readerIsGone = false

    private var descriptor: FileDescriptor?
    private let isStandardOutput: Bool

    /// Creates a file, or empties the one that is there.
    ///
    /// - Throws: ``OutputError`` with the path and the system's reason where it cannot be written.
    public init(path: String) throws(OutputError) {
        name = path
        isStandardOutput = false
        do {
            descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw OutputError(name: path, error)
        }
    }

    /// Standard output, unbuffered. From now on the process ignores SIGPIPE, so that a reader who leaves does not end it.
    public convenience init(standardOutput: Void) {
        self.init(asStandardOutput: FileDescriptor.standardOutput.rawValue)
    }

    /// An open file that is treated as standard output is.
    init(asStandardOutput descriptor: CInt) {
        name = "standard output"
        isStandardOutput = true
        self.descriptor = FileDescriptor(rawValue: descriptor)
        ignoreBrokenPipes()
    }

    /// Appends text in UTF-8; keeps the first error.
    public func write(_ text: String) {
        guard failure == nil, !readerIsGone, let descriptor else { return }
        do {
            try descriptor.writeAll(text.utf8)
        } catch Errno.brokenPipe where isStandardOutput {
            readerIsGone = true
        } catch {
            failure = OutputError(name: name, error)
        }
    }

    /// Closes the file; standard output stays open.
    ///
    /// - Throws: the first error of the file's whole life: what it holds is not complete.
    public func close() throws(OutputError) {
        if let descriptor, !isStandardOutput {
            self.descriptor = nil
            do {
                try descriptor.close()
            } catch {
                failure = failure ?? OutputError(name: name, error)
            }
        }
        if let failure { throw failure }
    }

    deinit {
        if !isStandardOutput { try? descriptor?.close() }
    }
}

/// A file that cannot be written.
public struct OutputError: Error, Hashable, CustomStringConvertible {
    /// The path, or `standard output`.
    public let name: String
    /// The system's reason, such as `No space left on device`.
    public let reason: String

    init(name: String, _ error: any Error) {
        self.name = name
        self.reason = "\(error)"
    }

    public var description: String { "cannot write '\(name)': \(reason)" }
}
