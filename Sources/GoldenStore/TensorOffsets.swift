internal import HDF5

/// Where the tensors of a file's cases begin in it, so that they can be taken from its bytes: to open a dataset costs
/// libhdf5 more than to read a small one.
///
/// What is taken so is proved by the case's digest, as everything else is.
struct TensorOffsets: Sendable {
    private let bytes: [UInt8]
    /// By dataset and row; -1 where a case has no such dataset, or not in one piece.
    private let offsets: [GoldenFormat.DatasetName: [Int]]
    /// All that is in ``offsets``, in increasing order; empty in a file without zero points.
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
        starts = offsets[.filterZeroPoint] == nil ? [] : offsets.values.joined().sorted()
    }

    /// Whether a dataset of a row lies in one piece.
    func has(_ name: GoldenFormat.DatasetName, row: Int) -> Bool {
        offsets[name].map { $0[row] >= 0 } ?? false
    }

    /// How many samples a row has, if at least two of the three datasets of samples lie side by side, as they mostly do; `nil`
    /// where they do not lie so that it could be.
    ///
    /// It is a guess, and the case's digest shows whether it was right.
    func sampleCount(row: Int) -> Int? {
        let places = [(GoldenFormat.DatasetName.sampleIndex, 8), (.sampleExpected, 8), (.sampleMagnitude, 4)]
            .compactMap { name, size in offsets[name].map { (start: $0[row], size: size) } }
            .sorted { $0.start < $1.start }
        guard places.count == 3, let first = places.first, first.start >= 0 else { return nil }
        return zip(places, places.dropFirst()).map { ($1.start - $0.start) / $0.size }.min()
    }

    /// How many elements of 4 bytes a dataset of a row has that has 1 or one to each filter: 1 where the next dataset begins
    /// before more could end.
    ///
    /// It is a guess, too.
    func parameterCount(of name: GoldenFormat.DatasetName, row: Int, filters: Int) -> Int {
        guard let start = offsets[name]?[row] else { return 1 }
        // The first place after `start`, by halves.
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] > start { high = middle } else { low = middle + 1 }
        }
        return low < starts.count && (starts[low] - start) / 4 < filters ? 1 : filters
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
