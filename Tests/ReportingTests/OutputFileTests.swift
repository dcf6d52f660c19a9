import Foundation
import Testing

@testable import Reporting

struct OutputFileTests {
    private func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appending(component: "convcheck-\(UUID().uuidString)").path
    }

    @Test func writesAsItGoes() throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "old and longer".write(toFile: path, atomically: true, encoding: .utf8)
        let file = try OutputFile(path: path)
        file.write("né")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "né")
        file.write("w\n")
        try file.close()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "néw\n")
    }

    @Test(arguments: [
        ("/nonexistent-folder/report.xml", "No such file or directory"), ("/", "Is a directory"),
        ("", "No such file or directory"),
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
    }

    @Test func aReaderWhoLeavesIsNoFailure() throws {
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
}
