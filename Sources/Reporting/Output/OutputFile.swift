internal import SystemPackage

/// A file that a report is written to: opened before the run, written as the run goes, put in its place when complete.
///
/// Until then a report is beside its place, in a file of the same name with `.partial` behind it, and what was in its place
/// is gone: whatever becomes of the run, an old report is never taken for its own. Devices, pipes and open descriptors
/// (`/dev/stdout`) are written to directly.
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
    /// `nil` for standard output itself, which stays open.
    private let place: OutputPlace?
    private let isStandardOutput: Bool

    /// Opens a file for a report, and removes the report that is there.
    ///
    /// - Throws: ``OutputError`` with the path and the system's reason where it cannot be written.
    public init(path: String) throws(OutputError) {
        name = path
        do {
            let place = try OutputPlace(path: path)
            self.place = place
            descriptor = place.descriptor
            isStandardOutput = place.isStandardOutput
        } catch {
            throw OutputError(name: path, error)
        }
    }

    /// Standard output, unbuffered. Call ``StandardStreams/prepare()`` before, so that a reader who leaves does not end the
    /// process.
    public convenience init(standardOutput: Void) {
        self.init(asStandardOutput: FileDescriptor.standardOutput.rawValue)
    }

    /// An open file that is treated as standard output is.
    init(asStandardOutput descriptor: CInt) {
        name = "standard output"
        isStandardOutput = true
        place = nil
        self.descriptor = FileDescriptor(rawValue: descriptor)
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

    /// Closes the file and puts it in its place; standard output stays open.
    ///
    /// - Throws: the first error of the file's whole life: the report is not complete, and not in its place.
    public func close() throws(OutputError) {
        if let descriptor, let place {
            let written = (try? descriptor.stat()).map { FileIdentity($0) }
            self.descriptor = nil
            do {
                try descriptor.close()
                if failure == nil { try place.complete(written) }
            } catch {
                failure = failure ?? OutputError(name: name, error)
            }
            if failure != nil { place.discard(written) }
        }
        if let failure { throw failure }
    }

    deinit {
        guard let descriptor, let place else { return }
        let written = (try? descriptor.stat()).map { FileIdentity($0) }
        try? descriptor.close()
        place.discard(written)
    }
}
