internal import Foundation

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
        // Without O_NONBLOCK, opening a named pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.failure(path, "cannot be opened") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, "cannot be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "a special file"
            throw GoldenError(file: path, "is \(kind), expected a regular file")
        }
        guard status.st_size <= limit else {
            throw GoldenError(file: path, "has \(status.st_size) bytes, expected at most \(limit)")
        }
        var failure: GoldenError?
        // One byte more than it had a moment ago shows whether it grows.
        let capacity = Int(status.st_size) + 1
        bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
            while filled < capacity {
                let count = read(descriptor, buffer.baseAddress.map { $0 + filled }, capacity - filled)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { failure = Self.failure(path, "cannot be read") }
                if count <= 0 { break }
                filled += count
            }
        }
        if let failure { throw failure }
        guard bytes.count == Int(status.st_size) else {
            throw GoldenError(
                file: path, "changes while it is read: it had \(status.st_size) bytes, and then \(bytes.count)")
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

    /// The failure of the C function called last.
    private static func failure(_ path: String, _ what: String) -> GoldenError {
        GoldenError(file: path, "\(what): \(String(cString: strerror(errno)))")
    }
}
