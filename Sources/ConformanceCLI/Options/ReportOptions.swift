internal import ArgumentParser
internal import Foundation
internal import Reporting

/// What is told of a run, and where.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write the record of the run, one JSON object a line.", valueName: "path"))
    var jsonl: String?

    @Option(help: ArgumentHelp("Write a JUnit report: a test case for each engine and case.", valueName: "path"))
    var junit: String?

    @Option(help: ArgumentHelp("Write a Markdown summary, as CI shows it.", valueName: "path"))
    var markdown: String?

    @Option(
        help: ArgumentHelp(
            "Write a page of one file: findings, tables, and pictures of the failing cases.", valueName: "path"))
    var html: String?

    @Option(
        help: ArgumentHelp(
            "Print what failed as a CI system's commands, which it shows beside the job: \(words(of: Annotations.self)).",
            valueName: "system"), transform: word(of: Annotations.self))
    var annotations: Annotations?

    @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
    var color = ColorChoice.auto

    @Flag(name: .shortAndLong, help: "Show failures (of diagnose: findings) and the last line only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Show every case, not only failures.")
    var verbose = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other") }
    }

    /// The columns at which the console breaks lines: the terminal's, else what COLUMNS says, else 80.
    static var columns: Int {
        let said = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
        return max(40, StandardStreams.columns ?? said ?? 80)
    }

    /// Whose commands to print.
    enum Annotations: String, CaseIterable {
        case github
    }

    /// When to colour the console.
    enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
        case auto, always, never

        /// Whether to colour, given where standard output goes and what NO_COLOR (no-color.org) says.
        var isOn: Bool {
            switch self {
            case .always: true
            case .never: false
            case .auto:
                StandardStreams.outputIsTerminal && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
            }
        }
    }

    /// Opens every report, and removes those of former runs from their places.
    ///
    /// - Parameters:
    ///   - claims: the files that no report may replace.
    ///   - isLive: whether the run goes on meanwhile, so that its progress is worth showing.
    ///   - explainsFailures: whether the console shows each failure, not only what they have in common.
    /// - Throws: ``Stop``, wrong usage, where a path cannot be written, or is used for something else; then no file has been
    ///   changed.
    func open(
        repeatCommand: RepeatCommand, claims: OutputClaims, isLive: Bool = true, explainsFailures: Bool = true
    ) throws -> Reports {
        do throws(OutputError) {
            var claims = claims
            for (option, path) in [("--jsonl", jsonl), ("--junit", junit), ("--markdown", markdown), ("--html", html)] {
                if let path { try claims.claim(path, for: option) }
            }
            return try Reports(self, repeatCommand: repeatCommand, isLive: isLive, explainsFailures: explainsFailures)
        } catch {
            throw Stop(.wrongUsage, error.description)
        }
    }
}
