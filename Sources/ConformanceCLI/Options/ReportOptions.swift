internal import ArgumentParser
internal import Conformance
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

    @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
    var color = ColorChoice.auto

    @Flag(name: .shortAndLong, help: "Show failures and the last line only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Show every case, not only failures.")
    var verbose = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other") }
        let paths = [jsonl, junit, markdown].compactMap { $0 }.map { URL(filePath: $0).standardizedFileURL.path }
        if Set(paths).count < paths.count { throw ValidationError("two reports have the same path") }
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
                Terminal.isStandardOutput && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
            }
        }
    }

    /// Opens every report.
    ///
    /// - Throws: ``Stop``, wrong usage, where a path cannot be written.
    func open(repeatCommand: RepeatCommand) throws -> Reports {
        do {
            return try Reports(self, repeatCommand: repeatCommand)
        } catch {
            throw Stop(.wrongUsage, error.description)
        }
    }
}

/// The opened reports of a run.
final class Reports {
    private let files: [OutputFile]
    private let reporters: [any Reporter]

    init(_ options: ReportOptions, repeatCommand: RepeatCommand) throws(OutputError) {
        var console = ConsoleOptions()
        console.verbosity = options.quiet ? .quiet : options.verbose ? .verbose : .normal
        console.usesColor = options.color.isOn
        console.progressColumns = Terminal.isStandardOutput && !options.quiet ? Terminal.columns : nil
        console.repeatCommand = repeatCommand
        let output = OutputFile(standardOutput: ())
        var files = [output]
        var reporters: [any Reporter] = [ConsoleReporter(options: console, write: output.write)]
        func add(_ path: String?, _ reporter: (@escaping (String) -> Void) -> any Reporter) throws(OutputError) {
            guard let path else { return }
            let file = try OutputFile(path: path)
            files.append(file)
            reporters.append(reporter(file.write))
        }
        try add(options.jsonl) { JSONLinesReporter(write: $0) }
        try add(options.junit) { JUnitReporter(repeatCommand: repeatCommand, write: $0) }
        try add(options.markdown) { MarkdownReporter(repeatCommand: repeatCommand, write: $0) }
        self.files = files
        self.reporters = reporters
    }

    /// Tells every report.
    func receive(_ event: Event) {
        for reporter in reporters { reporter.receive(event) }
    }

    /// Closes every report.
    ///
    /// - Throws: ``Stop``, internal fault, where something that was written did not arrive.
    func close() throws {
        var failures: [String] = []
        for file in files {
            do {
                try file.close()
            } catch {
                failures.append(error.description)
            }
        }
        if !failures.isEmpty { throw Stop(.internalFault, failures.joined(separator: "; ")) }
    }
}
