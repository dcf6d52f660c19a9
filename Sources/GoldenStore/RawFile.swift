internal import SystemPackage

/// The bytes of a file, read once: what is digested here is what is parsed later, whatever becomes of the file.
struct RawFile: Sendable {
    /// The most bytes that a golden file may have.
    static let largest = 1 << 30

    let path: String
    let bytes: [UInt8]

    /// SHA-256 of all bytes, in lower-case hexadecimal.
    var digest: String { bytes.withUnsafeBytes { SHA256.hash($0) } }

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Reads a regular file from beginning to end.
    ///
    /// - Parameter limit: a file of more bytes is refused before it is read.
    /// - Throws: ``GoldenError`` where it is missing, not readable, no regular file, or too large.
    init(path: String, limit: Int = largest) throws(GoldenError) {
        func reading<Result>(_ failure: String, _ call: () throws -> Result) throws(GoldenError) -> Result {
            do {
                return try call()
            } catch {
                throw GoldenError(file: path, "\(failure): \(error)")
            }
        }
        // Without `nonBlocking`, opening a named pipe would wait for its writer.
        let file = try reading("cannot be opened") {
            try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
        }
        defer { try? file.close() }
        let status = try reading("cannot be examined") { try file.stat() }
        guard status.type == .regular else {
            let kind = status.type == .directory ? "a directory" : "a special file"
            throw GoldenError(file: path, "is \(kind), expected a regular file")
        }
        let size = Int(status.size)
        guard size <= limit else { throw GoldenError(file: path, "has \(size) bytes, expected at most \(limit)") }
        bytes = try reading("cannot be read") {
            // One byte more than it had a moment ago shows whether it grows.
            try [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, filled in
                let memory = UnsafeMutableRawBufferPointer(buffer)
                while filled < memory.count {
                    let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[filled...]))
                    if count == 0 { break }
                    filled += count
                }
            }
        }
        guard bytes.count == size else {
            throw GoldenError(file: path, "changes while it is read: it had \(size) bytes, and then \(bytes.count)")
        }
        self.path = path
    }

    /// What keeps these bytes from being a golden file, or nil where libhdf5 may judge the rest.
    ///
    /// Superblock versions 2 and 3 come with a checksum over each piece of metadata; older files have none, so damage
    /// to them could go unseen. Their layout: signature (8 bytes), version, sizes of offsets and of lengths, flags, then
    /// the addresses of base, extension and end of file ("HDF5 File Format Specification", III.A).
    var obstacle: String? {
        let size = bytes.count
        guard size > 0 else { return "is empty, expected an HDF5 file" }
        guard bytes.starts(with: Self.signature) else {
            return Self.signature.starts(with: bytes)
                ? "is truncated after \(size) bytes" : "is not an HDF5 file: it does not begin with HDF5's signature"
        }
        guard size >= Self.superblockSize else { return "is truncated after \(size) bytes" }
        guard bytes[8] == 2 || bytes[8] == 3 else {
            return "has HDF5 superblock version \(bytes[8]), whose metadata carry no checksums; expected 2 or 3"
                + " (in h5py: libver=\"v110\")"
        }
        guard bytes[9] == 8 else { return "has HDF5 addresses of \(bytes[9]) bytes, expected 8" }
        let end = (28..<36).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1]) }
        if UInt64(size) < end { return "is truncated: it has \(size) bytes, and its superblock says \(end)" }
        if UInt64(size) > end { return "has \(size) bytes, and its superblock says that it ends after \(end)" }
        return nil
    }

    private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let superblockSize = 48
}
