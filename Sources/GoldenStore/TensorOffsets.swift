internal import HDF5

/// Where the tensors of a file's cases begin in it, so that they can be taken from its bytes: to open a dataset costs
/// libhdf5 more than to read a small one.
///
/// What is taken so is proved by the case's digest, as everything else is.
struct TensorOffsets: Sendable {
    private let bytes: [UInt8]
    /// By dataset and row; -1 where a case has no such dataset, or not in one piece.
    private let offsets: [GoldenFormat.DatasetName: [Int]]
    /// All places in ``offsets``, in increasing order.
    private let starts: [Int]

    /// Reads the table ``GoldenFormat/offsets`` of a file.
    ///
    /// - Parameter rows: how many cases the file has.
    /// - Throws: ``GoldenError`` with everything that is wrong with it.
    init(in root: borrowing Group, file: RawFile, rows: Int) throws(GoldenError) {
        let table: Table
        do {
            table = try root.table(GoldenFormat.offsets, limit: GoldenFormat.largestTable)
        } catch {
            throw GoldenError(file: file.path, "cannot be read: \(error)")
        }
        var problems: [String] = []
        if table.rowCount != rows {
            problems.append("has \(table.rowCount) rows, expected one for each of \(rows) cases")
        }
        var offsets: [GoldenFormat.DatasetName: [Int]] = [:]
        for member in table.members {
            guard let name = GoldenFormat.DatasetName(rawValue: member.name), member.typeDescription == "int64" else {
                problems.append(
                    "has the member '\(member.name)' of \(member.typeDescription), expected a dataset's name and int64")
                continue
            }
            offsets[name] = (0..<table.rowCount).map { row in
                guard case .int64(let offset)? = try? table.value(of: member, row: row) else { return -1 }
                return Int(offset)
            }
        }
        guard problems.isEmpty else {
            throw GoldenError(
                problems.map { GoldenError.Fault(file: file.path, message: "table '\(GoldenFormat.offsets)': \($0)") })
        }
        bytes = file.bytes
        self.offsets = offsets
        starts = offsets.values.joined().filter { $0 >= 0 }.sorted()
    }

    /// Whether a dataset of a row lies in one piece.
    func has(_ name: GoldenFormat.DatasetName, row: Int) -> Bool {
        offsets[name].map { $0[row] >= 0 } ?? false
    }

    /// How many samples a row has, if something begins where one of their three datasets ends, as it mostly does; `nil` where
    /// not all three lie in one piece.
    ///
    /// It is a guess, and the case's digest shows whether it was right.
    func sampleCount(row: Int) -> Int? {
        let sizes = [(GoldenFormat.DatasetName.sampleIndex, 8), (.sampleExpected, 8), (.sampleMagnitude, 4)]
        let rooms = sizes.compactMap { name, size in room(of: name, row: row).map { $0 / size } }
        return rooms.count == sizes.count ? rooms.min() : nil
    }

    /// How many elements of 4 bytes a dataset of a row has that has 1 or one to each filter: the latter where something begins
    /// just behind so many.
    ///
    /// It is a guess, too.
    func parameterCount(of name: GoldenFormat.DatasetName, row: Int, filters: Int) -> Int {
        guard let room = room(of: name, row: row) else { return 1 }
        return room.isMultiple(of: 4) && room / 4 == filters ? filters : 1
    }

    /// The bytes from the beginning of a dataset to that of the next one in the file; `nil` where it does not lie in one piece.
    private func room(of name: GoldenFormat.DatasetName, row: Int) -> Int? {
        guard let start = offsets[name]?[row], start >= 0 else { return nil }
        // The first place after it, by halves.
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] > start { high = middle } else { low = middle + 1 }
        }
        return max(0, (low < starts.count ? starts[low] : bytes.count) - start)
    }

    /// The elements of a dataset; `nil` where the file ends before them.
    func elements<Element: StoredElement>(of name: GoldenFormat.DatasetName, row: Int, count: Int) -> [Element]? {
        guard let start = offsets[name]?[row], start >= 0, start <= bytes.count,
            count <= (bytes.count - start) / MemoryLayout<Element>.stride
        else { return nil }
        // Elements have the same bytes in memory as in a file (`StoredElement`).
        return [Element](unsafeUninitializedCapacity: count) { elements, filled in
            bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(elements).copyMemory(
                    from: UnsafeRawBufferPointer(
                        rebasing: bytes[start..<start + count * MemoryLayout<Element>.stride]))
            }
            filled = count
        }
    }
}
