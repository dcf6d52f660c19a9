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
                or any program that speaks the engine protocol: --engine 'cmd:PROGRAM ARG...'.

                \(ExitStatus.explanation)
                """,
            version: "convcheck \(CommandName.version)",
            subcommands: [
                RunCommand.self, ListCommand.self, ShowCommand.self, EnginesCommand.self, VerifyCommand.self,
                ServeCommand.self, SelftestCommand.self, CheckGoldenCommand.self,
            ])
    }
}
