import Foundation
import Testing
import _TestSupport

@testable import HDF5

/// What is written comes back, with its exact type.
struct RoundTripTests {
    @Test(arguments: [0, 6])
    func elementsComeBackBitForBit(compression: Int) throws {
        let floats: [Float] = [0, -0.0, .nan, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        let doubles: [Double] = [1, -.infinity, .pi, .leastNonzeroMagnitude]
        let temporary = try TemporaryFolder()
        do {
            let root = try File(creating: temporary.file("file.h5")).root()
            try root.createDataset("floats", shape: [1, 2, 3, 1], elements: floats, compression: compression)
            try root.createDataset("doubles", shape: [4], elements: doubles, compression: compression)
            try root.createDataset("integers", shape: [1], elements: [Int64.min], compression: compression)
            try root.createDataset("counts", shape: [2], elements: [UInt64.max, 1], compression: compression)
        }
        let root = try File(reading: temporary.file("file.h5")).root()
        let dataset = try root.dataset("floats")
        let shape = dataset.shape
        #expect(shape == [1, 2, 3, 1])
        let type = dataset.storedType
        #expect(type == .float32)
        let read = try dataset.read(as: Float.self)
        #expect(read.map(\.bitPattern) == floats.map(\.bitPattern))
        #expect(try root.dataset("doubles").read() == doubles)
        #expect(try root.dataset("integers").read() == [Int64.min])
        #expect(try root.dataset("counts").read() == [UInt64.max, 1])
    }

    @Test
    func anEmptyDatasetHasNoElements() throws {
        let temporary = try TemporaryFolder()
        let file = try File(creating: temporary.file("file.h5"))
        try file.root().createDataset("empty", shape: [0, 3, 2, 1], elements: [Float]())
        let dataset = try file.root().dataset("empty")
        let shape = dataset.shape
        #expect(shape == [0, 3, 2, 1])
        let elements = try dataset.read(as: Float.self)
        #expect(elements.isEmpty)
    }

    @Test
    func attributesComeBackWithTheirTypes() throws {
        let values: [String: StoredValue] = [
            "int64": .int64(-5), "int64s": .int64s([1, -2, .max]), "uint64": .uint64(.max), "uint64s": .uint64s([7]),
            "float64": .float64(0.1), "float64s": .float64s([]), "string": .string("größer \u{1F980}"),
            "empty": .string(""), "strings": .strings(["a", "", "long one"]), "none": .strings([]),
        ]
        let temporary = try TemporaryFolder()
        do {
            let group = try File(creating: temporary.file("file.h5")).root().createGroup("group")
            for (name, value) in values { try group.setAttribute(name, to: value) }
        }
        #expect(try File(reading: temporary.file("file.h5")).root().group("group").attributes() == values)
    }

    @Test
    func tablesComeBackWithTheirTypes() throws {
        let columns: [(name: String, values: [StoredValue])] = [
            ("text", [.string("größer"), .string(""), .string("b")]),
            ("pair", [.int64s([1, -2]), .int64s([.max, 0]), .int64s([3, 4])]),
            ("count", [.uint64(.max), .uint64(0), .uint64(1)]),
            ("number", [.int64(-1), .int64(.min), .int64(7)]),
        ]
        let temporary = try TemporaryFolder()
        try File(creating: temporary.file("file.h5")).root().createTable("table", columns: columns)
        let table = try File(reading: temporary.file("file.h5")).root().table("table")
        #expect(table.rowCount == 3)
        #expect(table.members.map(\.name) == columns.map(\.name))
        #expect(table.members.map(\.typeDescription) == ["fixed-length string", "int64[2]", "uint64", "int64"])
        for (member, column) in zip(table.members, columns) {
            #expect(try (0..<3).map { try table.value(of: member, row: $0) } == column.values)
        }
    }

    @Test
    func aColumnIsOfOneKindAndLength() throws {
        let temporary = try TemporaryFolder()
        let root = try File(creating: temporary.file("file.h5")).root()
        for values in [[.int64(1), .string("")], [.int64s([1]), .int64s([1, 2])], [.float64(1)], []] as [[StoredValue]]
        {
            #expect(throws: HDF5Error.self) { try root.createTable("table", columns: [("mixed", values)]) }
        }
        #expect(throws: HDF5Error.self) {
            try root.createTable("table", columns: [("a", [.int64(1)]), ("b", [.int64(1), .int64(2)])])
        }
    }

    @Test
    func linksAreListedInOrder() throws {
        let temporary = try TemporaryFolder()
        let root = try File(creating: temporary.file("file.h5")).root()
        for name in ["b", "a", "c10", "c2"] { _ = try root.createGroup(name) }
        #expect(try root.links().map(\.name) == ["a", "b", "c10", "c2"])
        #expect(try root.links().allSatisfy(\.isHard))
        #expect(try root.contains("c2"))
        #expect(try !root.contains("c3"))
    }

    @Test
    func theSameContentGivesTheSameBytes() throws {
        let temporary = try TemporaryFolder()
        let paths = [temporary.file("file.h5"), temporary.file("other.h5")]
        for path in paths {
            // HDF5 stores times in seconds, unless told not to.
            if path != paths[0] { Thread.sleep(forTimeInterval: 1.1) }
            let root = try File(creating: path).root()
            try root.setAttribute("a", to: .string("b"))
            try root.createDataset("d", shape: [2], elements: [Float(1), 2])
        }
        let contents = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
        #expect(contents[0] == contents[1])
    }

    @Test
    func anExistingFileIsNotOverwritten() throws {
        let temporary = try TemporaryFolder()
        try Data("mine".utf8).write(to: URL(filePath: temporary.file("file.h5")))
        #expect(throws: HDF5Error.self) { _ = try File(creating: temporary.file("file.h5")) }
        #expect(try Data(contentsOf: URL(filePath: temporary.file("file.h5"))) == Data("mine".utf8))
    }

    @Test
    func manyThreadsReadOneFile() async throws {
        let temporary = try TemporaryFolder()
        let elements = (0..<1000).map(Float.init)
        do {
            let root = try File(creating: temporary.file("file.h5")).root()
            for index in 0..<20 { try root.createDataset("d\(index)", shape: [1000], elements: elements) }
        }
        let root = try File(reading: temporary.file("file.h5")).root()
        let shared = Shared(root)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<8 {
                tasks.addTask {
                    for index in 0..<20 {
                        let read: [Float] = try shared.group.dataset("d\((index + task) % 20)").read()
                        #expect(read == elements)
                        #expect(throws: HDF5Error.self) { _ = try shared.group.dataset("absent") }
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }

    private final class Shared: Sendable {
        let group: Group
        init(_ group: consuming Group) { self.group = group }
    }
}

extension File {
    /// Opens an existing file for reading.
    init(reading path: String) throws {
        try self.init(image: [UInt8](Data(contentsOf: URL(filePath: path))), path: path)
    }
}
