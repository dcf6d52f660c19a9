internal import CHDF5

/// A dataset of an HDF5 file, open as long as this value lives.
public struct Dataset: ~Copyable, Sendable {
    /// The most bytes that ``read(as:limit:)`` returns unless told otherwise: 1 GiB.
    public static let defaultLimit = 1 << 30

    /// More than deflate can ever shrink data (1032 to 1), shuffled or not.
    private static let largestCompression = 1040

    private let handle: Handle
    /// The path inside the file.
    public let path: String
    /// The type of the elements.
    public let storedType: StoredType
    /// The sizes of the dimensions, slowest first; empty for a scalar.
    public let shape: [Int]

    /// Must run under the lock.
    init(_ handle: consuming Handle, path: String) throws(HDF5Error) {
        let id = handle.identifier
        // Before anything else: to ask for the space of a virtual dataset opens the files that it names, a pipe too.
        try Self.refuseOtherFilesAndFilters(handle, path: path)
        let type = try Handle(H5Dget_type(id), closedBy: H5Tclose, function: "H5Dget_type", object: path)
        guard try check(H5Tcommitted(type.identifier), function: "H5Tcommitted", object: path) == 0 else {
            throw HDF5Error("its type is an object of its own", function: "H5Tcommitted", object: path)
        }
        let storedType = try StoredType(type, object: path)
        let space = try Handle(H5Dget_space(id), closedBy: H5Sclose, function: "H5Dget_space", object: path)
        let shape = try Dataspace.shape(of: space, object: path)
        self.storedType = storedType
        self.shape = shape
        self.handle = handle
        self.path = path
    }

    /// All elements in C order, read straight into the array's storage (`H5Dread`).
    ///
    /// - Parameters:
    ///   - type: The type of the elements, exactly as in the file: nothing is converted.
    ///   - limit: The most bytes that the elements may take in memory.
    /// - Throws: ``HDF5Error`` where the type is another, where the file claims more than `limit` or more than its
    ///   stored bytes can hold, and where libhdf5 cannot read, a wrong checksum among the causes.
    public func read<Element: StoredElement>(
        as type: Element.Type = Element.self, limit: Int = Dataset.defaultLimit
    ) throws(HDF5Error) -> [Element] {
        guard storedType == Element.storedType, let datatype = storedType.predefined else {
            throw HDF5Error(
                "the elements are \(storedType), expected \(Element.storedType)", function: "H5Dget_type",
                object: path)
        }
        let stride = MemoryLayout<Element>.stride
        guard let count = Dataspace.count(of: shape), count <= limit / stride else {
            throw HDF5Error(
                "shape \(shape) of \(storedType) takes more than \(limit) bytes", function: "H5Dget_space",
                object: path)
        }
        guard count > 0 else { return [] }
        return try Library.locked { () throws(HDF5Error) in
            try Self.refuseMissingData(handle, bytes: count * stride, object: path)
            var status: herr_t = 0
            let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                status = H5Dread(
                    handle.identifier, datatype, chdf5_whole_space(), chdf5_whole_space(), chdf5_default(),
                    buffer.baseAddress)
                initialized = status < 0 ? 0 : count
            }
            try check(status, function: "H5Dread", object: path)
            return elements
        }
    }

    /// Throws where a dataset has fewer stored bytes than `bytes` of elements need at least: libhdf5 fills what was never
    /// written with zeros, and a claim must not allocate what a file cannot hold.
    ///
    /// Must run under the lock.
    static func refuseMissingData(_ dataset: borrowing Handle, bytes: Int, object: String) throws(HDF5Error) {
        let stored = Int(clamping: H5Dget_storage_size(dataset.identifier))
        guard stored > 0 else {
            throw HDF5Error("its elements were never written", function: "H5Dget_storage_size", object: object)
        }
        guard bytes / largestCompression <= stored else {
            throw HDF5Error(
                "it claims \(bytes) bytes, more than the \(stored) stored can hold", function: "H5Dget_storage_size",
                object: object)
        }
    }

    /// Throws where the elements of a dataset are in other files, or behind filters other than libhdf5's own: those it
    /// would look for among plug-ins, and run.
    ///
    /// Must run under the lock.
    static func refuseOtherFilesAndFilters(_ dataset: borrowing Handle, path: String) throws(HDF5Error) {
        let id = dataset.identifier
        // Only elements that lie in the file in one piece have an address there, and a copy of the properties costs as
        // much as to open the dataset.
        if H5Dget_offset(id) != chdf5_no_address() { return }
        let creation = try Handle(
            H5Dget_create_plist(id), closedBy: H5Pclose, function: "H5Dget_create_plist", object: path)
        let layout = H5Pget_layout(creation.identifier)
        guard layout == H5D_CHUNKED || layout == H5D_CONTIGUOUS || layout == H5D_COMPACT else {
            throw HDF5Error("its layout is not one of its own file's", function: "H5Pget_layout", object: path)
        }
        guard H5Pget_external_count(creation.identifier) == 0 else {
            throw HDF5Error("its elements are in another file", function: "H5Pget_external_count", object: path)
        }
        let count = try check(H5Pget_nfilters(creation.identifier), function: "H5Pget_nfilters", object: path)
        for index in 0..<UInt32(count) {
            var flags: UInt32 = 0
            var parameters = 0
            switch H5Pget_filter2(creation.identifier, index, &flags, &parameters, nil, 0, nil, nil) {
            case H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32: break
            case let filter:
                throw HDF5Error(
                    "its filter \(filter) is none of deflate, shuffle and Fletcher-32", function: "H5Pget_filter2",
                    object: path)
            }
        }
    }
}
