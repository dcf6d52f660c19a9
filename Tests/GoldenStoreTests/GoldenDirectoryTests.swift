import Conformance
import Convolution
import Foundation
import GoldenStore
import Testing
import _TestSupport

/// Sound golden files: what is written comes back, and the project's own files are read in full.
struct GoldenDirectoryTests {
    /// The golden files of this project.
    private let ownFiles = Repository.goldens.path

    @Test
    func writtenCasesComeBackBitForBit() throws {
        let directory = try TemporaryFolder()
        try Samples.write(to: directory)
        let golden = try GoldenDirectory(path: directory.path)
        #expect(golden.suites == ["sample"])
        #expect(golden.cases == Samples.cases.map(\.header))
        for sample in Samples.cases {
            #expect(try golden.load(sample.header).isIdentical(to: sample))
        }
    }

    @Test
    func theSameCasesGiveTheSameBytes() throws {
        let directories = try [TemporaryFolder(), TemporaryFolder()]
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
        for header in stored { _ = try golden.load(header) }
    }

    @Test
    func theDigestIsThatOfTheListOfDigests() throws {
        let digest = try GoldenDirectory(path: ownFiles).digest
        let list = try Data(contentsOf: URL(filePath: "\(ownFiles)/SHA256SUMS"))
        #expect(digest == list.withUnsafeBytes { SHA256.hash($0) })
    }

    @Test
    func onlyTheNamedSuitesAreOpened() throws {
        let directory = try TemporaryFolder()
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
        let directory = try TemporaryFolder()
        try Samples.write(to: directory)
        let golden = try GoldenDirectory(path: directory.path)
        var header = golden.cases[0]
        header.name = "absent"
        #expect(throws: UnknownCase.self) { _ = try golden.load(header) }
    }

    @Test
    func severalThreadsLoadAtOnce() async throws {
        let directory = try TemporaryFolder()
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

    /// A file that is rewritten, cut off or removed during a run is no matter: it was read once.
    @Test(arguments: ["rewritten", "cut off", "removed"])
    func whatBecomesOfAFileLaterDoesNotMatter(how: String) throws {
        let directory = try TemporaryFolder()
        try Samples.write(to: directory)
        let golden = try GoldenDirectory(path: directory.path)
        let path = directory.file("sample.h5")
        switch how {
        case "rewritten":
            let file = try FileHandle(forUpdating: URL(filePath: path))
            try file.write(contentsOf: Data(repeating: 0xFF, count: 1 << 16))
        case "cut off": #expect(truncate(path, 100) == 0)
        default: try FileManager.default.removeItem(atPath: path)
        }
        for sample in Samples.cases {
            #expect(try golden.load(sample.header).isIdentical(to: sample))
        }
    }

    @Test
    func aCaseThatNeedsTooMuchMemoryIsRefused() throws {
        let directory = try TemporaryFolder()
        try Samples.write(to: directory)
        let golden = try GoldenDirectory(path: directory.path, memoryLimit: 1000)
        #expect(try golden.load(golden.cases[0]).isIdentical(to: Samples.cases[0]))
        let error = #expect(throws: GoldenError.self) { _ = try golden.load(golden.cases[1]) }
        #expect(error?.description.contains("case sample/large: its tensors need 0 MiB, the limit is 0 MiB") == true)
        // 60 images of 6 numbers, one weight, 60 outputs of 3 numbers at 20 bytes.
        #expect(golden.bytesInMemory(of: golden.cases[1]) == 60 * 6 * 4 + 4 + 60 * 3 * 20)
    }

    @Test
    func aFileOfAbsurdSizeIsNotRead() throws {
        let directory = try TemporaryFolder()
        try directory.write([], to: "sample.h5")
        #expect(truncate(directory.file("sample.h5"), 1 << 40) == 0)
        let error = #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.path) }
        #expect(
            error?.description.contains("sample.h5: has 1099511627776 bytes, expected at most 1073741824") == true)
    }

    @Test
    func aWriterRefusesWhatItCannotName() throws {
        let directory = try TemporaryFolder()
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
