import Foundation
import GoldenStore
import Testing
import _TestSupport

/// `SHA256SUMS` and the files beside it.
struct DigestListTests {
    private let directory: TemporaryFolder
    private let sound: [UInt8]

    init() throws {
        directory = try TemporaryFolder()
        try Samples.write(to: directory)
        sound = try directory.read("sample.h5")
    }

    private static func digest(_ bytes: some Sequence<UInt8>) -> String {
        Array(bytes).withUnsafeBytes { SHA256.hash($0) }
    }

    private func faults(list: String) throws -> [String] {
        try directory.write(list.utf8, to: "SHA256SUMS")
        return try GoldenDirectory.faults(in: directory.path)
    }

    @Test
    func theRightDigestIsAccepted() throws {
        #expect(try faults(list: "\(Self.digest(sound))  sample.h5\n") == [])
        #expect(try faults(list: "\(Self.digest(sound).uppercased()) *sample.h5") == [])
    }

    @Test
    func anotherDigestIsNamedWithBoth() throws {
        let other = String(repeating: "0", count: 64)
        let faults = try faults(list: "\(other)  sample.h5\n")
        #expect(faults.count == 1)
        #expect(faults[0].contains("has SHA-256 \(Self.digest(sound)), expected \(other) from SHA256SUMS"), "\(faults)")
    }

    /// Crafted metadata make libhdf5 crash: what is not as listed it does not see.
    @Test
    func whatIsNotAsListedIsNotParsed() throws {
        // Neither the obstacles of the format nor a test of every byte would let this through to a digest.
        var damaged = sound
        for position in 48..<damaged.count { damaged[position] = 0xFF }
        try directory.write(damaged, to: "sample.h5")
        let list = "\(Self.digest(sound))  sample.h5\n"
        var faults = try faults(list: list)
        #expect(faults.count == 1)
        #expect(faults[0].contains("has SHA-256 \(Self.digest(damaged)), expected \(Self.digest(sound))"), "\(faults)")
        try directory.write(sound.dropLast(), to: "sample.h5")
        faults = try self.faults(list: list)
        #expect(faults.count == 2 && faults[1].contains("is truncated"), "\(faults)")
    }

    /// No file is parsed before all are compared: one that differs ends it at once.
    @Test
    func everyFileThatDiffersIsNamed() throws {
        try Samples.write(suite: "other", to: directory)
        let zeros = String(repeating: "0", count: 64)
        let faults = try faults(list: "\(zeros)  sample.h5\n\(zeros)  other.h5\n")
        #expect(faults.count == 2 && faults[0].contains("other.h5: has") && faults[1].contains("sample.h5: has"))
    }

    @Test
    func aListThatIsNoneIsRefused() throws {
        let list = directory.file("SHA256SUMS")
        func words() -> String {
            (try? GoldenDirectory.faults(in: directory.path))?.joined() ?? "another error"
        }
        try FileManager.default.createSymbolicLink(atPath: list, withDestinationPath: directory.file("absent"))
        #expect(words().contains("SHA256SUMS: cannot be opened: No such file"))
        try FileManager.default.removeItem(atPath: list)
        try FileManager.default.createDirectory(atPath: list, withIntermediateDirectories: false)
        #expect(words().contains("SHA256SUMS: is a directory, expected a regular file"))
        try FileManager.default.removeItem(atPath: list)
        #expect(mkfifo(list, 0o600) == 0)
        #expect(words().contains("SHA256SUMS: is a special file"))
        try FileManager.default.removeItem(atPath: list)
        try directory.write([0xFF], to: "SHA256SUMS")
        #expect(words().contains("SHA256SUMS: is not UTF-8 text"))
        try directory.write([UInt8](repeating: 10, count: (1 << 20) + 1), to: "SHA256SUMS")
        #expect(words().contains("SHA256SUMS: has 1048577 bytes, expected at most 1048576"))
    }

    @Test
    func aDirectoryKnowsWhetherItIsListed() throws {
        #expect(try !GoldenDirectory(path: directory.path).isListed)
        try directory.write("\(Self.digest(sound))  sample.h5\n".utf8, to: "SHA256SUMS")
        #expect(try GoldenDirectory(path: directory.path).isListed)
    }

    /// The check of files that no list vouches for: given what is parsed afterwards, and obeyed.
    @Test
    func onlyFilesThatNoListVouchesForAreChecked() throws {
        let wanted = sound
        let check: UnlistedFileCheck = { path, bytes in
            #expect(path.hasSuffix("/sample.h5") && bytes == wanted)
            return [GoldenError.Fault(file: path, message: "is not liked")]
        }
        let error = #expect(throws: GoldenError.self) {
            _ = try GoldenDirectory(path: directory.path, check: check)
        }
        #expect(error?.faults.map(\.message) == ["is not liked"])
        try directory.write("\(Self.digest(sound))  sample.h5\n".utf8, to: "SHA256SUMS")
        _ = try GoldenDirectory(path: directory.path, check: check)
    }

    @Test
    func aListedFileThatIsMissingIsNamed() throws {
        let list = "\(Self.digest(sound))  sample.h5\n\(Self.digest([]))  other.h5\n"
        let faults = try faults(list: list)
        #expect(faults.count == 1 && faults[0].contains("SHA256SUMS: lists 'other.h5', which is missing"), "\(faults)")
        // Somebody who asks for one suite is not told of another.
        #expect(try GoldenDirectory(path: directory.path, suites: ["sample"]).cases.count == Samples.cases.count)
    }

    @Test
    func aFileThatIsNotListedIsNamed() throws {
        let faults = try faults(list: "")
        #expect(faults.count == 1 && faults[0].contains("sample.h5: is not listed in SHA256SUMS"), "\(faults)")
    }

    @Test(arguments: ["nonsense", "0123  sample.h5", "\(digest([])) sample.h5", "\(digest([]))  ../sample.h5"])
    func aLineThatIsNoneIsQuoted(line: String) throws {
        try directory.write("\(Self.digest(sound))  sample.h5\n\(line)\n".utf8, to: "SHA256SUMS")
        let error = #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.path) }
        #expect(error?.description.contains("SHA256SUMS: line 2 is '\(line)', expected") == true)
    }

    @Test
    func aFileListedTwiceIsNamed() throws {
        let line = "\(Self.digest(sound))  sample.h5\n"
        try directory.write((line + line).utf8, to: "SHA256SUMS")
        let error = #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.path) }
        #expect(error?.description.contains("lists 'sample.h5' twice") == true)
    }
}
