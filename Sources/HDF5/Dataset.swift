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
    public let elementType: ElementType
    /// The sizes of the dimensions, slowest first; empty for a scalar.
    public let shape: [Int]
    /// The sizes of one chunk, which is stored, filtered and checksummed as one; nil where there are no chunks.
    public let chunkShape: [Int]?
    /// Whether every stored chunk carries a Fletcher-32 checksum, which libhdf5 verifies while it reads.
    public let isChecksummed: Bool

    /// Must run under the lock.
    init(_ handle: consuming Handle, path: String) throws(HDF5Error) {
        let id = handle.identifier
        let creation = try Handle(
            H5Dget_create_plist(id), closedBy: H5Pclose, function: "H5Dget_create_plist", object: path)
        // Before anything else: to ask for the space of a virtual dataset opens the files that it names, a pipe too.
        try Self.refuseOtherFiles(creation, path: path)
        let isChecksummed = try Self.hasChecksum(creation, path: path)
        try Self.refuseFillValue(creation, path: path)
        let type = try Handle(H5Dget_type(id), closedBy: H5Tclose, function: "H5Dget_type", object: path)
        guard try check(H5Tcommitted(type.identifier), function: "H5Tcommitted", object: path) == 0 else {
            throw HDF5Error("its type is an object of its own", function: "H5Tcommitted", object: path)
        }
        let elementType = try ElementType(type, object: path)
        let space = try Handle(H5Dget_space(id), closedBy: H5Sclose, function: "H5Dget_space", object: path)
        let shape = try Dataspace.shape(of: space, object: path)
        let chunkShape = try Self.chunkShape(creation, rank: shape.count, path: path)
        self.elementType = elementType
        self.shape = shape
        self.chunkShape = chunkShape
        self.isChecksummed = isChecksummed
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
        guard elementType == Element.elementType, let datatype = elementType.predefined else {
            throw HDF5Error(
                "the elements are \(elementType), expected \(Element.elementType)", function: "H5Dget_type",
                object: path)
        }
        let stride = MemoryLayout<Element>.stride
        guard let count = Dataspace.count(of: shape), count <= limit / stride else {
            throw HDF5Error(
                "shape \(shape) of \(elementType) takes more than \(limit) bytes", function: "H5Dget_space",
                object: path)
        }
        guard count > 0 else { return [] }
        return try Library.locked { () throws(HDF5Error) in
            try refuseMissingData(bytes: count * stride)
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

    /// libhdf5 fills what was never written with zeros: to a reader of golden data that is damage.
    private func refuseMissingData(bytes: Int) throws(HDF5Error) {
        let stored = Int(clamping: H5Dget_storage_size(handle.identifier))
        guard stored > 0 else {
            throw HDF5Error("its elements were never written", function: "H5Dget_storage_size", object: path)
        }
        guard bytes / Self.largestCompression <= stored else {
            throw HDF5Error(
                "shape \(shape) claims \(bytes) bytes, more than the \(stored) stored can hold",
                function: "H5Dget_storage_size", object: path)
        }
    }

    private static func refuseOtherFiles(_ creation: borrowing Handle, path: String) throws(HDF5Error) {
        let layout = H5Pget_layout(creation.identifier)
        guard layout == H5D_CHUNKED || layout == H5D_CONTIGUOUS || layout == H5D_COMPACT else {
            throw HDF5Error("its layout is not one of its own file's", function: "H5Pget_layout", object: path)
        }
        guard H5Pget_external_count(creation.identifier) == 0 else {
            throw HDF5Error("its elements are in another file", function: "H5Pget_external_count", object: path)
        }
    }

    /// A value of the file's own for elements that were never written would stand in for damage.
    private static func refuseFillValue(_ creation: borrowing Handle, path: String) throws(HDF5Error) {
        var kind = H5D_FILL_VALUE_ERROR
        try check(
            H5Pfill_value_defined(creation.identifier, &kind), function: "H5Pfill_value_defined", object: path)
        guard kind != H5D_FILL_VALUE_USER_DEFINED else {
            throw HDF5Error("it has a fill value of its own", function: "H5Pfill_value_defined", object: path)
        }
    }

    private static func chunkShape(
        _ creation: borrowing Handle, rank: Int, path: String
    ) throws(HDF5Error) -> [Int]? {
        guard H5Pget_layout(creation.identifier) == H5D_CHUNKED else { return nil }
        var sizes = [hsize_t](repeating: 0, count: rank)
        let found = try check(
            H5Pget_chunk(creation.identifier, Int32(rank), &sizes), function: "H5Pget_chunk", object: path)
        guard found == rank else {
            throw HDF5Error("its chunks have \(found) dimensions, not \(rank)", function: "H5Pget_chunk", object: path)
        }
        return sizes.map { Int(clamping: $0) }
    }

    /// Whether there is a checksum among the filters; others than libhdf5's own would make it look for plug-ins, and
    /// run them.
    private static func hasChecksum(_ creation: borrowing Handle, path: String) throws(HDF5Error) -> Bool {
        let count = try check(H5Pget_nfilters(creation.identifier), function: "H5Pget_nfilters", object: path)
        var hasChecksum = false
        for index in 0..<UInt32(count) {
            var flags: UInt32 = 0
            var parameters = 0
            switch H5Pget_filter2(creation.identifier, index, &flags, &parameters, nil, 0, nil, nil) {
            case H5Z_FILTER_FLETCHER32: hasChecksum = true
            case H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE: break
            case let filter:
                throw HDF5Error(
                    "its filter \(filter) is none of deflate, shuffle and Fletcher-32", function: "H5Pget_filter2",
                    object: path)
            }
        }
        return hasChecksum
    }
}
