import Foundation

/// The built executable, run as a user runs it.
enum Program {
    struct Outcome {
        let status: Int32
        let output: String
        let error: String
    }

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// `convcheck`, which is built beside the tests.
    static var executable: URL {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "convcheck")
    }

    /// Runs the program until it ends.
    ///
    /// - Parameters:
    ///   - executable: the program, if not `convcheck` itself.
    ///   - environment: variables besides those of the tests, from which `CONVCHECK_GOLDEN`, `COLUMNS` and `NO_COLOR` are left
    ///     out.
    ///   - folder: where it is run, by default the repository's root.
    ///   - started: called with the running process, to disturb it.
    static func run(
        _ arguments: [String], executable: URL = executable, environment: [String: String] = [:],
        in workingFolder: URL = repository, started: (Process) -> Void = { _ in }
    ) throws -> Outcome {
        let folder = try TemporaryFolder()
        let (output, error) = (folder.url.appending(path: "output"), folder.url.appending(path: "error"))
        for file in [output, error] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = workingFolder
        let inherited = ProcessInfo.processInfo.environment.filter {
            !["CONVCHECK_GOLDEN", "COLUMNS", "NO_COLOR"].contains($0.key)
        }
        process.environment = inherited.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: error)
        try process.run()
        started(process)
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            error: try String(contentsOf: error, encoding: .utf8))
    }
}

/// A folder that goes away with its owner.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "convcheck-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// Copies golden files into this folder.
    func addGoldens(_ names: [String]) throws {
        for name in names {
            try FileManager.default.copyItem(
                at: Program.repository.appending(path: "Golden/\(name)"), to: url.appending(path: name))
        }
    }
}
