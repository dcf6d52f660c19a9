import CHDF5
import GoldenStore
import Testing

@testable import HDF5

/// The parts of a golden file with one case, sound until a test changes one of them.
struct Draft {
    enum Elements {
        case floats([Int], [Float])
        case doubles([Int], [Double])
        case integers([Int], [Int64])
    }

    var root: [String: AttributeValue] = [
        "format": .string("convcheck-golden"), "format_version": .int64(1), "suite": .string("draft"),
        "title": .string("Draft"), "description": .string("One case."), "generator": .string("tests 1"),
    ]
    var members: [String] = []
    var caseName: String? = "one"
    var attributes: [String: AttributeValue] = [
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

    /// Writes the file `draft.h5`, case or no case.
    func write(to directory: TemporaryDirectory) throws {
        let file = try File(creating: directory.file("draft.h5"))
        let root = try file.root()
        for (name, value) in self.root.sorted(by: { $0.key < $1.key }) { try root.setAttribute(name, to: value) }
        for name in members { _ = try root.createGroup(name) }
        let cases = try root.createGroup("cases")
        guard let caseName else { return }
        let group = try cases.createGroup(caseName)
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { try group.setAttribute(name, to: value) }
        for (name, elements) in datasets.sorted(by: { $0.key < $1.key }) {
            switch elements {
            case .floats(let shape, let values): try group.createDataset(name, shape: shape, elements: values)
            case .doubles(let shape, let values): try group.createDataset(name, shape: shape, elements: values)
            case .integers(let shape, let values): try group.createDataset(name, shape: shape, elements: values)
            }
        }
    }

    /// Every fault of the file, in words.
    ///
    /// - Parameter change: plain C calls on the open file, for what ``HDF5`` does not write.
    func faults(after change: ((_ file: hid_t) -> Void)? = nil) throws -> [String] {
        let directory = try TemporaryDirectory()
        try write(to: directory)
        if let change {
            try Library.locked { () throws(HDF5Error) in
                let file = H5Fopen(directory.file("draft.h5"), chdf5_read_write(), chdf5_default())
                change(file)
                let status = H5Fclose(file)
                #expect(status >= 0)
            }
        }
        return try GoldenDirectory.verify(path: directory.path).faults.map {
            $0.description.replacing(directory.path + "/", with: "")
        }
    }
}
