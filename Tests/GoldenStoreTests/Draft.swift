import CHDF5
import Conformance
import Testing
import _TestSupport

@testable import GoldenStore
@testable import HDF5

/// The parts of a golden file with one case, sound until a test changes one of them.
struct Draft {
    enum Elements {
        case floats([Int], [Float])
        case doubles([Int], [Double])
        case integers([Int], [Int64])
    }

    var root: [String: StoredValue] = [
        "format": .string("convcheck-golden"), "format_version": .int64(5), "suite": .string("draft"),
        "title": .string("Draft"), "description": .string("One case."), "generator": .string("tests 1"),
    ]
    var groups: [String] = []
    /// The name of the case's group; nil for none.
    var caseName: String? = "one"
    /// The case's row in the table but for `sha256`; nothing for no table.
    var members: [String: StoredValue] = [
        "name": .string("one"), "input_shape": .int64s([1, 2, 3, 1]), "filter_shape": .int64s([2, 1, 1, 2]),
        "bias_count": .int64(2),
        "strides": .int64s([1, 2]), "dilations": .int64s([1, 1]), "padding": .string("SAME_UPPER"),
        "pads": .int64s([0, 1, 0, 0]), "groups": .int64(1), "data": .string("integer"), "expect": .string("output"),
        "seed": .uint64(.max), "tags": .strings(["strided", "bias"]), "note": .string("Catches nothing: größer."),
        "source": .string("a report"),
    ]
    /// SAME, stride 2 along the width: height 2 under a kernel of 2 needs one row of padding, width 3 none.
    var datasets: [String: Elements] = [
        "input": .floats([1, 2, 3, 1], [1, 2, 3, 4, 5, 6]),
        "filter": .floats([2, 1, 1, 2], [1, 2, 3, 4]),
        "bias": .floats([2], [1, -1]),
        "expected": .doubles([1, 2, 2, 2], [14, 17, 22, 29, 5, 7, 7, 11]),
        "magnitude": .floats([1, 2, 2, 2], [14, 19, 22, 31, 5, 9, 7, 13]),
    ]

    /// What the file says of where its datasets begin; nil where it says nothing.
    var offsets: (([String: Int64]) -> [(name: String, values: [StoredValue])])?

    /// Datasets that are part of the digest but not written: a test does that itself.
    var unwritten: Set<String> = []
    /// The digest of the case; nil for the one that follows from the rest.
    var sha256: StoredValue?

    /// The digest of the members and datasets as they are.
    private var seal: String {
        var known: MemberValues = [:]
        for (name, value) in members {
            // What is of another type, the reader refuses for that.
            guard let member = CaseMember(label: name), member.form.takes(value) else { continue }
            known[member] = value
        }
        var seal = CaseSeal(row: CaseSeal.bytes(of: known))
        for (name, elements) in datasets.sorted(by: { $0.key < $1.key }) {
            guard let name = GoldenFormat.DatasetName(rawValue: name) else { continue }
            switch elements {
            case .floats(let shape, let values): seal.add(name, shape: shape, elements: values)
            case .doubles(let shape, let values): seal.add(name, shape: shape, elements: values)
            case .integers(let shape, let values): seal.add(name, shape: shape, elements: values)
            }
        }
        return seal.finalize()
    }

    /// Writes the file `draft.h5`, case or no case.
    func write(to directory: TemporaryFolder) throws {
        let file = try File(creating: directory.file("draft.h5"))
        let root = try file.root()
        for (name, value) in self.root.sorted(by: { $0.key < $1.key }) { try root.setAttribute(name, to: value) }
        for name in groups { _ = try root.createGroup(name) }
        let cases = try root.createGroup("cases")
        if !members.isEmpty {
            let row = members.merging(["sha256": sha256 ?? .string(seal)]) { own, _ in own }
            let columns = row.sorted { $0.key < $1.key }.map { name, value in
                (name, [CaseMember(label: name)?.stored(value) ?? value])
            }
            try root.createTable("table", columns: columns)
        }
        guard let caseName else { return }
        let group = try cases.createGroup(caseName)
        for (name, elements) in datasets.sorted(by: { $0.key < $1.key }) where !unwritten.contains(name) {
            switch elements {
            case .floats(let shape, let values): try group.createDataset(name, shape: shape, elements: values)
            case .doubles(let shape, let values): try group.createDataset(name, shape: shape, elements: values)
            case .integers(let shape, let values): try group.createDataset(name, shape: shape, elements: values)
            }
        }
        guard let offsets else { return }
        var places: [String: Int64] = [:]
        for name in datasets.keys {
            places[name] = try Library.locked { () throws(HDF5Error) in
                let dataset = H5Dopen2(group.handle.identifier, name, chdf5_default())
                defer { H5Dclose(dataset) }
                return Int64(H5Dget_offset(dataset))
            }
        }
        try root.createTable("offsets", columns: offsets(places))
    }

    /// Every fault of the file, in words.
    ///
    /// - Parameter change: plain C calls on the open file, for what ``HDF5`` does not write.
    func faults(after change: ((_ file: hid_t) -> Void)? = nil) throws -> [String] {
        let directory = try TemporaryFolder()
        try write(to: directory)
        if let change {
            try Library.locked { () throws(HDF5Error) in
                let file = H5Fopen(directory.file("draft.h5"), chdf5_read_write(), chdf5_default())
                change(file)
                let status = H5Fclose(file)
                #expect(status >= 0)
            }
        }
        return try GoldenDirectory.faults(in: directory.path).map { $0.replacing(directory.path + "/", with: "") }
    }
}

extension CaseMember.Form {
    /// Whether `value` is what a case may have.
    fileprivate func takes(_ value: StoredValue) -> Bool {
        switch (self, value) {
        case (.text, .string), (.lines, .strings), (.unsigned, .uint64), (.integer, .int64): true
        case (.integers(let count), .int64s(let values)): values.count == count
        default: false
        }
    }
}

extension GoldenDirectory {
    /// Everything that is wrong with a directory's files, in words: what keeps it from being opened, or a case from
    /// being loaded.
    static func faults(in path: String) throws -> [String] {
        do {
            let golden = try GoldenDirectory(path: path)
            return try golden.cases.flatMap { description in
                do {
                    _ = try golden.load(description)
                    return [String]()
                } catch let error as GoldenError {
                    return error.faults.map(\.description)
                }
            }
        } catch let error as GoldenError {
            return error.faults.map(\.description)
        }
    }
}
