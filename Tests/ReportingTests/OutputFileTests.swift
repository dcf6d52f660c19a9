import Foundation
import Testing
import _TestSupport

@testable import Reporting

struct OutputFileTests {
    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func isBesideItsPlaceUntilItIsComplete() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old and longer", to: "report")
        let file = try OutputFile(path: path)
        #expect(folder.names == ["report.partial"])
        file.write("né")
        #expect(try text(path + ".partial") == "né")
        file.write("w\n")
        try file.close()
        #expect(folder.names == ["report"])
        #expect(try text(path) == "néw\n")
    }

    @Test func aRunThatEndsTooSoonLeavesNoReport() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", to: "report")
        do {
            let file = try OutputFile(path: path)
            file.write("half of it")
        }
        #expect(folder.names == [])
    }

    @Test func aSymbolicLinkStaysOne() throws {
        let folder = try TemporaryFolder()
        let target = try folder.write("old", to: "target")
        let link = folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
        let file = try OutputFile(path: link)
        file.write("new")
        try file.close()
        #expect(try text(target) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target")
    }

    @Test func theOtherNameOfAFileKeepsWhatItHolds() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", to: "report")
        try FileManager.default.linkItem(atPath: path, toPath: folder.path + "/other")
        let file = try OutputFile(path: path)
        file.write("new")
        try file.close()
        #expect(try text(folder.path + "/other") == "old")
        #expect(try text(path) == "new")
    }

    @Test func aReportThatAnotherRunTookIsNotTakenForItsOwn() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/report"
        let (first, second) = (try OutputFile(path: path), try OutputFile(path: path))
        second.write("second")
        first.write("first")
        #expect(throws: OutputError.self) { try first.close() }
        try second.close()
        #expect(try text(path) == "second")
        #expect(folder.names == ["report"])
    }

    @Test func permissionsStay() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", to: "report")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try OutputFile(path: path).close()
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test(arguments: [
        ("/nonexistent-folder/report.xml", "No such file or directory"), ("/", "Is a directory"),
        ("", "No such file or directory"), ("/tmp/no-such-folder/", "Is a directory"),
    ])
    func saysWhyAPathCannotBeWritten(_ path: String, _ reason: String) {
        let error = #expect(throws: OutputError.self) { try OutputFile(path: path) }
        #expect(error?.description == "cannot write '\(path)': \(reason)")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aFullDiskIsToldOnClosing() throws {
        let file = try OutputFile(path: "/dev/full")
        file.write("first")
        #expect(file.failure?.description == "cannot write '/dev/full': No space left on device")
        file.write("second")
        #expect(throws: OutputError.self) { try file.close() }
        #expect(FileManager.default.fileExists(atPath: "/dev/full"))
    }

    @Test func devicesAreWrittenInPlace() throws {
        let file = try OutputFile(path: "/dev/null")
        file.write("text")
        try file.close()
        #expect(!FileManager.default.fileExists(atPath: "/dev/null.partial"))
    }

    @Test func aFIFOIsWrittenInPlace() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/fifo"
        #expect(mkfifo(path, 0o600) == 0)
        let reading = Task.detached { try FileHandle(forReadingAtPath: path)?.readToEnd() }
        let file = try OutputFile(path: path)
        file.write("through")
        try file.close()
        #expect(try await reading.value == Data("through".utf8))
        #expect(folder.names == ["fifo"])
    }

    @Test func aReaderWhoLeavesIsNoFailure() throws {
        StandardStreams.prepare()
        let pipe = Pipe()
        let output = OutputFile(asStandardOutput: pipe.fileHandleForWriting.fileDescriptor)
        output.write("read\n")
        #expect(!output.readerIsGone)
        try pipe.fileHandleForReading.close()
        output.write("unread\n")
        output.write("unread\n")
        #expect(output.readerIsGone)
        #expect(output.failure == nil)
        try output.close()
    }

    @Test func noTwoReportsAndNoInputsShareAFile() throws {
        let folder = try TemporaryFolder()
        let golden = try folder.write("golden", to: "grid.h5")
        let path = { folder.path + "/" + $0 }
        try FileManager.default.createSymbolicLink(atPath: path("symbolic"), withDestinationPath: "grid.h5")
        try FileManager.default.linkItem(atPath: golden, toPath: path("hard"))
        func refusal(_ paths: [String]) -> String? {
            var claims = OutputClaims()
            claims.protect(golden, "it is a golden file")
            do {
                for (place, path) in paths.enumerated() { try claims.claim(path, for: "--report\(place)") }
            } catch {
                return error.description
            }
            return nil
        }
        for name in ["grid.h5", "symbolic", "hard", "./grid.h5"] {
            #expect(refusal([path(name)]) == "cannot write '\(path(name))': it is a golden file")
        }
        #expect(refusal([path("new"), path("./new")])?.hasSuffix("--report0 writes there, too") == true)
        #expect(refusal([path("new"), path("new.partial")])?.hasSuffix("--report0 writes there, too") == true)
        #expect(refusal(["/dev/stderr", "/dev/fd/2"])?.hasSuffix("--report0 writes there, too") == true)
        #expect(refusal([path("new"), path("newer")]) == nil)
        #expect(refusal(["/dev/null", "/dev/null", "/dev/stdout"]) == nil)
    }
}
