import Foundation
import _TestSupport

/// The built executable, run as a user runs it.
enum Program {
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
        in folder: URL = Repository.root, started: (Process) -> Void = { _ in }
    ) throws -> ProgramOutcome {
        let inherited = ProcessInfo.processInfo.environment.filter {
            !["CONVCHECK_GOLDEN", "COLUMNS", "NO_COLOR"].contains($0.key)
        }
        return try ProgramOutcome(
            of: executable, arguments, environment: inherited.merging(environment) { $1 }, in: folder, started: started)
    }
}
