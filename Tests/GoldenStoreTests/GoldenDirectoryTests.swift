import Conformance
import Convolution
import Foundation
import GoldenStore
import Testing

/// Sound golden files: what is written comes back, and the project's own files are read in full.
struct GoldenDirectoryTests {
    /// The golden files of this project.
    private let ownFiles = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden")
        .path

    @Test
    func writtenCasesComeBackBitForBit() throws {
        let directory = try TemporaryDirectory()
        try Samples.write(to: directory)
        let golden = try GoldenDirectory(path: directory.path)
        #expect(golden.suites == ["sample"])
        #expect(golden.cases == Samples.cases.map(\.description))
        for sample in Samples.cases {
            #expect(try golden.load(sample.description).isIdentical(to: sample))
        }
        #expect(try GoldenDirectory.verify(path: directory.path).faults == [])
    }

    @Test
    func theSameCasesGiveTheSameBytes() throws {
        let directories = try [TemporaryDirectory(), TemporaryDirectory()]
        for directory in directories { try Samples.write(to: directory) }
        #expect(try directories[0].read("sample.h5") == directories[1].read("sample.h5"))
    }

    /// All descriptions and all stored tensors; deriving the others takes minutes without optimisation, and is what
    /// `convcheck verify` does.
    @Test
    func theProjectsOwnFilesAreSound() throws {
        let golden = try GoldenDirectory(path: ownFiles)
        #expect(golden.suites.contains("grid"))
        let stored = golden.cases.filter { !$0.isDerived }
        #expect(stored.count > 900)
        for description in stored { _ = try golden.load(description) }
    }

    @Test
    func theDigestIsThatOfTheListOfDigests() throws {
        let digest = try GoldenDirectory(path: ownFiles).digest
        let list = try Data(contentsOf: URL(filePath: "\(ownFiles)/SHA256SUMS"))
        #expect(digest == list.withUnsafeBytes { SHA256.hash($0) })
        #expect(try GoldenDirectory.verify(path: ownFiles, suites: ["examples"]).suites.map(\.name) == ["examples"])
    }

    @Test
    func onlyTheNamedSuitesAreOpened() throws {
        let directory = try TemporaryDirectory()
        try Samples.write(suite: "b", to: directory)
        try Samples.write(suite: "a", to: directory)
        try directory.write("damaged".utf8, to: "c.h5")
        let golden = try GoldenDirectory(path: directory.path, suites: ["b", "a"])
        #expect(golden.suites == ["a", "b"])
        #expect(golden.cases.prefix(2).map(\.id) == ["a/bias", "a/large"])
        let error = #expect(throws: UnknownSuite.self) {
            _ = try GoldenDirectory(path: directory.path, suites: ["a", "d"])
        }
        #expect(error?.available == ["a", "b", "c"])
        #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.path) }
    }

    @Test
    func aCaseThatNoSuiteHasIsUnknown() throws {
        let directory = try TemporaryDirectory()
        try Samples.write(to: directory)
        let golden = try GoldenDirectory(path: directory.path)
        var description = golden.cases[0]
        description.name = "absent"
        #expect(throws: UnknownCase.self) { _ = try golden.load(description) }
    }

    @Test
    func severalThreadsLoadAtOnce() async throws {
        let directory = try TemporaryDirectory()
        try Samples.write(to: directory)
        let golden = try GoldenDirectory(path: directory.path)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<8 {
                tasks.addTask {
                    for round in 0..<10 {
                        let index = (task + round) % golden.cases.count
                        let loaded = try golden.load(golden.cases[index])
                        #expect(loaded.isIdentical(to: Samples.cases[index]))
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }

    @Test
    func aWriterRefusesWhatItCannotName() throws {
        let directory = try TemporaryDirectory()
        for name in ["sample.txt", "two words.h5", ".h5", "sub/"] {
            #expect(throws: GoldenError.self, "\(name)") {
                let writer = try SuiteWriter(
                    creating: directory.file(name), title: "", description: "", generator: "")
                try writer.finish()
            }
        }
        #expect(throws: GoldenError.self) {
            try Samples.write([Samples.product("one"), Samples.product("one")], to: directory)
        }
    }
}
