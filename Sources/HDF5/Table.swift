internal import CHDF5

/// Rows with named members, which a file holds as a one-dimensional dataset of a compound type; all of it in memory.
public struct Table: Sendable {
    /// A member that every row has.
    public struct Member: Hashable, Sendable {
        public let name: String
        /// The type of its value, or of each of its values.
        public let type: StoredType
        /// How many values a row has in an array; nil where it has one, and no array.
        public let count: Int?

        /// Where its bytes begin in a row.
        fileprivate let offset: Int
        /// Its bytes in a row.
        fileprivate let size: Int

        /// The type in words: `int64`, `int64[4]`, `fixed-length string`.
        public var typeDescription: String { count.map { "\(type)[\($0)]" } ?? "\(type)" }
    }

    /// In the order of the file.
    public let members: [Member]
    public let rowCount: Int

    private let rowSize: Int
    private let bytes: [UInt8]
    private let path: String

    /// Reads all rows of a dataset (`H5Dread`); must run under the lock.
    init(_ dataset: consuming Handle, path: String, limit: Int) throws(HDF5Error) {
        let id = dataset.identifier
        try Dataset.refuseOtherFilesAndFilters(dataset, path: path)
        let type = try Handle(H5Dget_type(id), closedBy: H5Tclose, function: "H5Dget_type", object: path)
        let space = try Handle(H5Dget_space(id), closedBy: H5Sclose, function: "H5Dget_space", object: path)
        let shape = try Dataspace.shape(of: space, object: path)
        guard H5Tget_class(type.identifier) == H5T_COMPOUND, shape.count == 1 else {
            throw HDF5Error("it is no list of rows with members", function: "H5Tget_class", object: path)
        }
        let members = try Self.members(of: type, path: path)
        let (count, rowSize) = (shape[0], H5Tget_size(type.identifier))
        guard rowSize > 0, count <= limit / rowSize else {
            throw HDF5Error("\(count) rows of \(rowSize) bytes are too many", function: "H5Dget_space", object: path)
        }
        if count > 0 { try Dataset.refuseMissingData(dataset, bytes: count * rowSize, object: path) }
        var bytes = [UInt8](repeating: 0, count: count * rowSize)
        if count > 0 {
            let status = H5Dread(
                id, type.identifier, chdf5_whole_space(), chdf5_whole_space(), chdf5_default(), &bytes)
            try check(status, function: "H5Dread", object: path)
        }
        self.members = members
        self.rowCount = count
        self.rowSize = rowSize
        self.bytes = bytes
        self.path = path
    }

    /// The value of a member in a row, counted from 0.
    ///
    /// - Throws: ``HDF5Error`` where it is a text that is no UTF-8 or is followed by other bytes, or of a type that is
    ///   none of those which are read.
    public func value(of member: Member, row: Int) throws(HDF5Error) -> StoredValue {
        let start = row * rowSize + member.offset
        let field = bytes[start..<start + member.size]
        switch member.type {
        case .int64 where member.count == nil: return .int64(Self.number(at: 0, in: field))
        case .int64: return .int64s(Self.numbers(in: field))
        case .uint64 where member.count == nil: return .uint64(Self.number(at: 0, in: field))
        case .uint64: return .uint64s(Self.numbers(in: field))
        case .fixedString where member.count == nil:
            let length = field.withUnsafeBytes { chdf5_text_length($0.baseAddress, $0.count) }
            guard length >= 0 else {
                throw HDF5Error("a text is followed by other bytes", function: "H5Dread", object: object(member, row))
            }
            guard let text = String(validating: field.prefix(length), as: UTF8.self) else {
                throw HDF5Error("a text is not valid UTF-8", function: "H5Dread", object: object(member, row))
            }
            return .string(text)
        default: return .other(member.typeDescription)
        }
    }

    private func object(_ member: Member, _ row: Int) -> String { "\(path)[\(row)].\(member.name)" }

    private static func number<Number: FixedWidthInteger & StoredElement>(
        at place: Int, in field: ArraySlice<UInt8>
    ) -> Number {
        field.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: place * MemoryLayout<Number>.size, as: Number.self))
        }
    }

    private static func numbers<Number: FixedWidthInteger & StoredElement>(in field: ArraySlice<UInt8>) -> [Number] {
        (0..<field.count / MemoryLayout<Number>.size).map { number(at: $0, in: field) }
    }

    /// Must run under the lock.
    private static func members(of type: borrowing Handle, path: String) throws(HDF5Error) -> [Member] {
        let id = type.identifier
        let count = try check(H5Tget_nmembers(id), function: "H5Tget_nmembers", object: path)
        var members: [Member] = []
        for index in 0..<UInt32(count) {
            guard let text = H5Tget_member_name(id, index) else {
                throw HDF5Error(stackOf: "H5Tget_member_name", object: path)
            }
            let name = String(cString: text)
            H5free_memory(text)
            let object = "\(path).\(name)"
            let stored = try Handle(
                H5Tget_member_type(id, index), closedBy: H5Tclose, function: "H5Tget_member_type", object: object)
            let (element, length) = try elements(of: stored, object: object)
            members.append(
                Member(
                    name: name, type: element, count: length, offset: H5Tget_member_offset(id, index),
                    size: H5Tget_size(stored.identifier)))
        }
        return members
    }

    /// The type of a member's values, and how many an array has; must run under the lock.
    private static func elements(
        of type: borrowing Handle, object: String
    ) throws(HDF5Error) -> (type: StoredType, count: Int?) {
        let id = type.identifier
        guard H5Tget_class(id) == H5T_ARRAY else { return (try StoredType(type, object: object), nil) }
        let rank = try check(H5Tget_array_ndims(id), function: "H5Tget_array_ndims", object: object)
        guard rank == 1 else { return (.other("array of rank \(rank)"), nil) }
        var count: hsize_t = 0
        try check(H5Tget_array_dims2(id, &count), function: "H5Tget_array_dims2", object: object)
        let base = try Handle(H5Tget_super(id), closedBy: H5Tclose, function: "H5Tget_super", object: object)
        return (try StoredType(base, object: object), Int(clamping: count))
    }
}
