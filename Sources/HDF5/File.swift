internal import CHDF5
internal import Synchronization

/// An open HDF5 file, closed when this value and all groups and datasets opened from it are gone.
///
/// Every call takes the process-wide lock of libhdf5, so a file may be used from several threads; they take turns.
public struct File: ~Copyable, Sendable {
    private let handle: Handle
    /// The path that it was opened with.
    public let path: String

    /// Opens a file whose bytes are in memory, for reading; they are not copied (`H5Pset_fapl_core`, `H5Pset_file_image`).
    ///
    /// Nothing on the disk is looked at any more: what becomes of the file there does not matter.
    ///
    /// - Parameters:
    ///   - bytes: all bytes of the file, at least one.
    ///   - path: how errors call it; it is not opened.
    public init(image bytes: [UInt8], path: String) throws(HDF5Error) {
        guard !bytes.isEmpty else { throw HDF5Error("it is empty", function: "H5Pset_file_image", object: path) }
        handle = try Library.locked { () throws(HDF5Error) in
            let access = try Self.access(path: path)
            try check(
                H5Pset_fapl_core(access.identifier, 1 << 16, false), function: "H5Pset_fapl_core", object: path)
            let image = FileImage(bytes)
            var callbacks = image.callbacks
            try check(
                H5Pset_file_image_callbacks(access.identifier, &callbacks), function: "H5Pset_file_image_callbacks",
                object: path)
            try check(
                H5Pset_file_image(access.identifier, image.start, image.count), function: "H5Pset_file_image",
                object: path)
            return try Handle(
                H5Fopen(Self.nextImageName(), chdf5_read_only(), access.identifier),
                closedBy: H5Fclose, function: "H5Fopen", object: path)
        }
        self.path = path
    }

    /// Creates a file that must not exist yet, in the format of HDF5 1.10, whose metadata are checksummed (`H5Fcreate`).
    public init(creating path: String) throws(HDF5Error) {
        handle = try Library.locked { () throws(HDF5Error) in
            let access = try Self.access(path: path)
            try check(
                H5Pset_libver_bounds(access.identifier, H5F_LIBVER_V110, H5F_LIBVER_V110),
                function: "H5Pset_libver_bounds", object: path)
            let creation = try Group.creationProperties(of: chdf5_file_creation(), object: path)
            return try Handle(
                H5Fcreate(path, chdf5_create_new(), creation.identifier, access.identifier),
                closedBy: H5Fclose, function: "H5Fcreate", object: path)
        }
        self.path = path
    }

    /// Opens the group that holds all others (`H5Gopen2`).
    public func root() throws(HDF5Error) -> Group {
        try Library.locked { () throws(HDF5Error) in
            let id = H5Gopen2(handle.identifier, "/", chdf5_default())
            return Group(try Handle(id, closedBy: H5Gclose, function: "H5Gopen2", object: "/"), path: "/")
        }
    }

    /// Writes to the disk what is still in memory, so that an error shows now and not, unseen, on closing (`H5Fflush`).
    public func flush() throws(HDF5Error) {
        try Library.locked { () throws(HDF5Error) in
            _ = try check(H5Fflush(handle.identifier, H5F_SCOPE_GLOBAL), function: "H5Fflush", object: path)
        }
    }

    /// File locks fail on some network file systems, and a reader of golden data has no use for them.
    private static func access(path: String) throws(HDF5Error) -> Handle {
        let access = try Handle(
            H5Pcreate(chdf5_file_access()), closedBy: H5Pclose, function: "H5Pcreate", object: path)
        try check(
            H5Pset_file_locking(access.identifier, false, true), function: "H5Pset_file_locking", object: path)
        return access
    }

    /// A name for an image: libhdf5 takes two images of one name for one file, and refuses the name of an existing file.
    ///
    /// Must run under the lock.
    private static func nextImageName() -> String {
        "/dev/null/image-\(imageCount.add(1, ordering: .relaxed).newValue)"
    }

    private static let imageCount = Atomic(0)
}
