internal import ArgumentParser

/// `convcheck`.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convcheck",
        abstract: "Checks implementations of 2-D convolution against exact golden vectors.",
        discussion: """
            An engine is whatever computes a convolution: one registered in this program (see 'convcheck engines'), or any \
            program that speaks the engine protocol: --engine 'cmd:PROGRAM ARG...'.

            Exit status: 0 all as expected; 1 a case failed; 2 wrong usage; 3 an engine could not be started; 4 nothing \
            was executed; 5 golden data damaged or of an unknown format; 70 an internal fault; 130 interrupted.
            """,
        subcommands: [
            RunCommand.self, ListCommand.self, ShowCommand.self, EnginesCommand.self, VerifyCommand.self,
            ServeCommand.self, SelftestCommand.self, CheckGoldenCommand.self,
        ],
        defaultSubcommand: nil)
}
