internal import Foundation

/// A file as bytes, looked at before libhdf5 may see it.
struct RawFile {
    /// SHA-256 of all bytes, in lower-case hexadecimal.
    let digest: String
    /// How many bytes there are.
    let size: Int
    /// The first bytes, as many as a superblock has, or fewer.
    private let head: [UInt8]

    /// Reads a regular file from beginning to end, in pieces.
    ///
    /// - Throws: ``GoldenError`` where it is missing, not readable, or no regular file.
    init(path: String) throws(GoldenError) {
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
        var hash = SHA256()
        var head: [UInt8] = []
        var size = 0
        let pieceSize = 1 << 18
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 64)
        defer { piece.deallocate() }
        while true {
            let count = read(descriptor, piece.baseAddress, pieceSize)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(path, "cannot be read") }
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: piece[..<count])
            hash.update(bytes)
            if head.count < Self.superblockSize { head += bytes.prefix(Self.superblockSize - head.count) }
            size += count
        }
        self.digest = hash.finalize()
        self.size = size
        self.head = head
    }

    /// What keeps these bytes from being a golden file, or nil where libhdf5 may judge the rest.
    ///
    /// Superblock versions 2 and 3 come with a checksum over each piece of metadata; older files have none, so damage
    /// to them could go unseen. Their layout: signature (8 bytes), version, sizes of offsets and of lengths, flags, then
    /// the addresses of base, extension and end of file ("HDF5 File Format Specification", III.A).
    var obstacle: String? {
        guard size > 0 else { return "is empty, expected an HDF5 file" }
        guard head.starts(with: Self.signature) else {
            return Self.signature.starts(with: head)
                ? "is truncated after \(size) bytes" : "is not an HDF5 file: it does not begin with HDF5's signature"
        }
        guard head.count == Self.superblockSize else { return "is truncated after \(size) bytes" }
        guard head[8] == 2 || head[8] == 3 else {
            return "has HDF5 superblock version \(head[8]), whose metadata carry no checksums; expected 2 or 3"
                + " (in h5py: libver=\"v110\")"
        }
        guard head[9] == 8 else { return "has HDF5 addresses of \(head[9]) bytes, expected 8" }
        let end = (28..<36).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(head[$1]) }
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
