public import Foundation

/// How a program ended, and what it wrote, which must be UTF-8.
public struct ProgramOutcome: Sendable {
    public let status: Int32
    public let output: String
    public let error: String

    /// Runs a program until it ends, with nothing on its standard input.
    ///
    /// - Parameters:
    ///   - environment: all of its variables.
    ///   - folder: where it is run.
    ///   - started: called with the running process, to disturb it.
    public init(
        of executable: URL, _ arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment, in folder: URL = Repository.root,
        started: (Process) -> Void = { _ in }
    ) throws {
        // Files, not pipes: they take whatever comes while nobody reads.
        let temporary = try TemporaryFolder()
        for name in ["output", "error"] { try temporary.write("", to: name) }
        func handle(_ name: String) throws -> FileHandle {
            try FileHandle(forWritingTo: temporary.url.appending(path: name))
        }
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try handle("output")
        process.standardError = try handle("error")
        try process.run()
        started(process)
        process.waitUntilExit()
        status = process.terminationStatus
        output = try String(contentsOfFile: temporary.file("output"), encoding: .utf8)
        error = try String(contentsOfFile: temporary.file("error"), encoding: .utf8)
    }
}
