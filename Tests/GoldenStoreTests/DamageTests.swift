import Foundation
import GoldenStore
import Testing
import _TestSupport

/// Files whose bytes are not what was written: found in every place, never a crash, never a wrong number.
struct DamageTests {
    private let directory: TemporaryFolder
    /// Few, because a test reads them once for every byte: one with all datasets, and one that is compressed.
    private let cases = [Samples.product("bias", bias: true), Samples.product("large", batch: 60)]
    private let sound: [UInt8]

    init() throws {
        Self.fillNewMemory()
        directory = try TemporaryFolder()
        try Samples.write(cases, to: directory)
        sound = try directory.read("sample.h5")
    }

    /// What becomes of `sample.h5` when it holds `bytes`.
    private func error(reading bytes: some Sequence<UInt8>) throws -> GoldenError? {
        try directory.write(bytes, to: "sample.h5")
        return try error()
    }

    /// What becomes of `sample.h5` as it is: the error, or nil where every case is as it was written.
    private func error() throws -> GoldenError? {
        do {
            let golden = try GoldenDirectory(path: directory.path)
            let loaded = try golden.cases.map { try golden.load($0) }
            #expect(loaded.count == cases.count)
            #expect(zip(loaded, cases).allSatisfy { $0.isIdentical(to: $1) })
            return nil
        } catch let error as GoldenError {
            #expect(error.faults.allSatisfy { $0.file.hasSuffix("sample.h5") && !$0.message.isEmpty })
            return error
        }
    }

    @Test
    func aTruncatedFileIsNamedSo() throws {
        for length in [1, 7, 8, 9, 47, 48, 100, sound.count / 2, sound.count - 1] {
            let error = try #require(try error(reading: sound[..<length]), "\(length) bytes")
            #expect(error.description.contains("truncated"), "\(error)")
        }
    }

    @Test
    func anEmptyOrForeignFileIsNamedSo() throws {
        #expect(try error(reading: [])?.description.contains("is empty") == true)
        #expect(try error(reading: "{\"not\": \"HDF5\"}".utf8)?.description.contains("is not an HDF5 file") == true)
        #expect(try error(reading: sound + [0])?.description.contains("ends after \(sound.count)") == true)
    }

    @Test(arguments: [0 as UInt8, 1, 4])
    func aSuperblockWithoutChecksumsIsRefused(version: UInt8) throws {
        var bytes = sound
        bytes[8] = version
        #expect(try error(reading: bytes)?.description.contains("superblock version \(version)") == true)
    }

    /// Without `SHA256SUMS`, so that only the file's own checksums are there to find it.
    @Test
    func aFlippedByteAnywhereIsFoundOrChangesNothing() throws {
        let file = try FileHandle(forUpdating: URL(filePath: directory.file("sample.h5")))
        func write(_ byte: UInt8, at position: Int) throws {
            try file.seek(toOffset: UInt64(position))
            try file.write(contentsOf: [byte])
        }
        var found = 0
        for position in sound.indices {
            try write(sound[position] ^ [0x01, 0x80, 0xFF, 0x10][position % 4], at: position)
            if try error() != nil { found += 1 }
            try write(sound[position], at: position)
        }
        #expect(try error() == nil)
        // What is not found lies in the gaps that HDF5 leaves between its structures.
        #expect(found > sound.count / 2, "\(found) of \(sound.count)")
    }

    /// From the ninth case on their names lie in a heap of their own, which libhdf5 1.10 does not always survive.
    @Test
    func aFlippedByteInTheHeapOfNamesIsFound() throws {
        let names = (0..<12).map { "case-\($0)" }
        try FileManager.default.removeItem(atPath: directory.file("sample.h5"))
        try Samples.write(names.map { Samples.product($0) }, to: directory)
        let sound = try directory.read("sample.h5")
        let heap = try #require(sound.indices.first { sound[$0...].starts(with: "FHDB".utf8) })
        // A direct block's header, then the links one after the other: each holds its name.
        let lastName = try #require(
            names.map { name in sound.indices.last { sound[$0...].starts(with: name.utf8) } ?? 0 }.max())
        for position in heap..<lastName + 4 {
            var bytes = sound
            bytes[position] ^= 0x55
            try directory.write(bytes, to: "sample.h5")
            #expect(throws: GoldenError.self, "position \(position)") { _ = try GoldenDirectory(path: directory.path) }
        }
    }

    @Test
    func aFlippedByteInATensorNamesTheCase() throws {
        let pattern = withUnsafeBytes(of: Samples.weight.bitPattern.littleEndian) { Array($0) }
        let position = try #require(sound.indices.first { sound[$0...].starts(with: pattern) })
        var bytes = sound
        bytes[position] ^= 0x10
        let error = try #require(try error(reading: bytes))
        #expect(error.faults.count == 1)
        #expect(error.description.contains("case sample/bias: what it holds has SHA-256"), "\(error)")
    }

    @Test
    func aDirectoryInPlaceOfTheFileIsNamedSo() throws {
        try FileManager.default.removeItem(atPath: directory.file("sample.h5"))
        try FileManager.default.createDirectory(atPath: directory.file("sample.h5"), withIntermediateDirectories: false)
        let error = #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.path) }
        #expect(error?.description.contains("sample.h5: is a directory, expected a regular file") == true)
    }

    @Test
    func aNamedPipeInPlaceOfTheFileIsNamedSo() throws {
        try FileManager.default.removeItem(atPath: directory.file("sample.h5"))
        #expect(mkfifo(directory.file("sample.h5"), 0o600) == 0)
        let error = #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.path) }
        #expect(error?.description.contains("is a special file") == true)
    }

    @Test
    func aDanglingLinkIsNamedSo() throws {
        try FileManager.default.removeItem(atPath: directory.file("sample.h5"))
        try FileManager.default.createSymbolicLink(
            atPath: directory.file("sample.h5"), withDestinationPath: directory.file("absent"))
        let error = #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.path) }
        #expect(error?.description.contains("cannot be opened: No such file or directory") == true)
    }

    @Test
    func aFileThatMayNotBeReadIsNamedSo() throws {
        chmod(directory.path, 0o755)
        chmod(directory.file("sample.h5"), 0)
        let header = Self.withoutPrivileges {
            do {
                _ = try GoldenDirectory(path: directory.path)
                return "no error"
            } catch {
                return "\(error)"
            }
        }
        #expect(header.contains("sample.h5: cannot be opened: Permission denied"), "\(header)")
    }

    /// Runs `body` on this thread with the file rights of nobody, where it would otherwise be root, who may do all.
    private static func withoutPrivileges(_ body: () -> String) -> String {
        #if os(Linux)
            if geteuid() == 0, let symbol = dlsym(nil, "setfsuid") {
                let setfsuid = unsafeBitCast(symbol, to: (@convention(c) (UInt32) -> Int32).self)
                _ = setfsuid(65534)
                defer { _ = setfsuid(0) }
                return body()
            }
        #endif
        return body()
    }

    /// Makes glibc fill what malloc returns, so that a use of what was never initialised cannot go well by chance.
    private static func fillNewMemory() {
        #if os(Linux)
            if let symbol = dlsym(nil, "mallopt") {
                let mallopt = unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
                let perturb: Int32 = -6
                _ = mallopt(perturb, 0xA5)
            }
        #endif
    }

    @Test
    func aDirectoryWithoutGoldenFilesIsNamedSo() throws {
        try FileManager.default.removeItem(atPath: directory.file("sample.h5"))
        let error = #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.path) }
        #expect(error?.description.contains("has no golden files (*.h5)") == true)
        let missing = #expect(throws: GoldenError.self) { _ = try GoldenDirectory(path: directory.file("absent")) }
        #expect(missing?.description.contains("cannot be listed") == true)
    }
}
