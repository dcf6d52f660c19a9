internal import ArgumentParser
internal import Conformance

/// The program itself, under the name by which it was started.
struct RootCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: CommandName.word,
            abstract: "Checks implementations of 2-D convolution against exact golden vectors.",
            discussion: """
                An engine is whatever computes a convolution: one registered in this program (see '\(CommandName.word) engines'), \
                a shared library that exports what convcheck_engine.h declares: --engine lib:PATH, or any program that speaks \
                the engine protocol: --engine 'cmd:PROGRAM ARG...'.

                \(ExitStatus.explanation)
                """,
            version: "convcheck \(CommandName.version)",
            subcommands: [
                RunCommand.self, ReportCommand.self, DiagnoseCommand.self, MergeCommand.self,
                CompareCommand.self, BaselineCommand.self, ListCommand.self,
                ShowCommand.self, EnginesCommand.self, VerifyCommand.self,
                ServeCommand.self, SelftestCommand.self, FuzzCommand.self, BenchCommand.self, JudgeCommand.self,
                CheckGoldenCommand.self,
            ])
    }
}

/// What the program calls itself in help, messages and commands to be repeated: the name under which it was started, since
/// a package with engines of its own gets this command line under a name of its own.
enum CommandName {
    /// The last component of the path, such as `convcheck`.
    static let word: String = {
        let name = path.split(separator: "/").last.map { String($0) } ?? "convcheck"
        return name.isEmpty ? "convcheck" : name
    }()

    /// As a shell takes it: the path by which the program was called.
    static let path = CommandLine.arguments.first ?? "convcheck"

    /// The version of the harness, of the goldens and of everything that this package holds.
    static let version = "0.2.0"
}
