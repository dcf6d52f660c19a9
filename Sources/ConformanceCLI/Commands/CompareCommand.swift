internal import ArgumentParser
internal import Conformance
internal import Reporting
internal import RunRecord

/// `convcheck compare`: what became of the results of one run in another.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Says what two runs have not in common: what broke, what is fixed.",
        discussion: """
            Results are the same by case, engine and layout. Broken is what passed and does no longer, and what fails and did \
            not before; then the exit status is 1. Where the records have no result in common, it is 4.
            """)

    @Argument(help: ArgumentHelp("The record of the old run.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("The record of the new run.", valueName: "new"))
    var new: String

    @Flag(name: .shortAndLong, help: "List every difference, not only what broke.")
    var verbose = false

    func run() throws {
        let comparison = RunComparison(old: try RunRecord.read(old), new: try RunRecord.read(new))
        let text = ComparisonText(comparison, isVerbose: verbose, columns: ReportOptions.columns)
        for line in text.lines { print(line) }
        if comparison.count(.broken) > 0 { throw Stop(.failed) }
        if comparison.shared == 0 {
            throw Stop(.nothingExecuted, "'\(old)' and '\(new)' have no result in common")
        }
    }
}
