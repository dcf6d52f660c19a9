import Foundation
import GoldenStore
import Testing

/// `SHA256SUMS` and the files beside it.
struct DigestListTests {
    private let directory: TemporaryDirectory
    private let sound: [UInt8]

    init() throws {
        directory = try TemporaryDirectory()
        try Samples.write(to: directory)
        sound = try directory.read("sample.h5")
    }

    private static func digest(_ bytes: some Sequence<UInt8>) -> String {
        Array(bytes).withUnsafeBytes { SHA256.hash($0) }
    }

    private func faults(list: String) throws -> [String] {
        try directory.write(list.utf8, to: "SHA256SUMS")
        let faults = try GoldenDirectory.verify(path: directory.path).faults.map(\.description)
        // What verify finds keeps a run from starting, too.
        if faults.isEmpty {
            _ = try GoldenDirectory(path: directory.path)
        } else {
            let error = #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.path) }
            #expect(error?.faults.map(\.description) == faults)
        }
        return faults
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
        #expect(faults[0].contains("all cases can be read"), "\(faults)")
    }

    @Test
    func damageIsNamedAfterTheDigest() throws {
        let pattern = withUnsafeBytes(of: Samples.weight.bitPattern.littleEndian) { Array($0) }
        let position = try #require(sound.indices.first { sound[$0...].starts(with: pattern) })
        var damaged = sound
        damaged[position] ^= 1
        try directory.write(damaged, to: "sample.h5")
        let list = "\(Self.digest(sound))  sample.h5\n"
        var faults = try faults(list: list)
        #expect(faults.count == 2)
        #expect(faults[0].contains("has SHA-256 \(Self.digest(damaged)), expected \(Self.digest(sound))"), "\(faults)")
        #expect(faults[1].contains("case sample/bias: dataset 'filter' cannot be read"), "\(faults)")
        try directory.write(sound.dropLast(), to: "sample.h5")
        faults = try self.faults(list: list)
        #expect(faults.count == 2 && faults[1].contains("is truncated"), "\(faults)")
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
