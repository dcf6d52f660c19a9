internal import CHDF5

extension Group {
    /// Creates a table called `name` (`H5Dcreate2`, `H5Dwrite`): one chunk of shuffled and compressed bytes with a
    /// Fletcher-32 checksum.
    ///
    /// - Parameter columns: each member's name and its value in every row: `int64`, `uint64`, `string`, all of one kind, or
    ///   `int64s` of one length. Texts become fields of one fixed length, as long as the longest.
    public func createTable(_ name: String, columns: [(name: String, values: [StoredValue])]) throws(HDF5Error) {
        let object = try path(of: name, function: "H5Dcreate2")
        let count = columns.first?.values.count ?? 0
        let fields = try columns.map { column throws(HDF5Error) in
            guard column.values.count == count, let fields = Self.fields(column.values) else {
                throw HDF5Error(
                    "member '\(column.name)' has no values, or not of one kind", function: "H5Dcreate2", object: object)
            }
            return fields
        }
        let rowSize = fields.reduce(0) { $0 + $1.size }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * rowSize)
        for row in 0..<count {
            for field in fields { bytes += field.rows[row] }
        }
        try Library.locked { () throws(HDF5Error) in
            let type = try Handle(
                H5Tcreate(H5T_COMPOUND, rowSize), closedBy: H5Tclose, function: "H5Tcreate", object: object)
            var offset = 0
            for (column, field) in zip(columns, fields) {
                let member = try Self.datatype(of: column.values[0], size: field.size, object: object)
                try check(
                    H5Tinsert(type.identifier, column.name, offset, member.identifier), function: "H5Tinsert",
                    object: object)
                offset += field.size
            }
            let space = try Dataspace.make([count], object: object)
            let creation = try Self.creationProperties(of: chdf5_dataset_creation(), object: object)
            try Self.setChunk(creation.identifier, shape: [count], compression: 9, object: object)
            try check(H5Pset_fletcher32(creation.identifier), function: "H5Pset_fletcher32", object: object)
            let dataset = try Handle(
                H5Dcreate2(
                    handle.identifier, name, type.identifier, space.identifier, chdf5_default(), creation.identifier,
                    chdf5_default()),
                closedBy: H5Dclose, function: "H5Dcreate2", object: object)
            let status = H5Dwrite(
                dataset.identifier, type.identifier, chdf5_whole_space(), chdf5_whole_space(), chdf5_default(), bytes)
            try check(status, function: "H5Dwrite", object: object)
        }
    }

    /// The bytes of a column's values, all of one size; nil where there are none, or they are not all of one kind.
    private static func fields(_ values: [StoredValue]) -> (size: Int, rows: [[UInt8]])? {
        func bytes(of number: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: number.littleEndian) { Array($0) }
        }
        guard let first = values.first else { return nil }
        var rows: [[UInt8]] = []
        for value in values {
            switch (first, value) {
            case (.int64, .int64(let number)): rows.append(bytes(of: number))
            case (.uint64, .uint64(let number)): rows.append(bytes(of: number))
            case (.int64s(let model), .int64s(let numbers)) where model.count == numbers.count && !model.isEmpty:
                rows.append(numbers.flatMap(bytes))
            case (.string, .string(let text)): rows.append(Array(text.utf8))
            default: return nil
            }
        }
        let size = max(1, rows.map(\.count).max() ?? 1)
        return (size, rows.map { $0 + [UInt8](repeating: 0, count: size - $0.count) })
    }

    /// A new datatype for the values of a column; must run under the lock.
    private static func datatype(of value: StoredValue, size: Int, object: String) throws(HDF5Error) -> Handle {
        let number: hid_t
        switch value {
        case .string: return try StoredType.text(bytes: size, object: object)
        case .int64s(let numbers):
            var count = hsize_t(numbers.count)
            return try Handle(
                H5Tarray_create2(chdf5_int64(), 1, &count), closedBy: H5Tclose, function: "H5Tarray_create2",
                object: object)
        case .uint64: number = chdf5_uint64()
        default: number = chdf5_int64()
        }
        return try Handle(H5Tcopy(number), closedBy: H5Tclose, function: "H5Tcopy", object: object)
    }
}
