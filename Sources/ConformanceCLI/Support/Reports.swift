internal import Conformance
internal import Reporting

/// The opened reports of a run.
final class Reports {
    private let files: [OutputFile]
    private let reporters: [any Reporter]

    init(
        _ options: ReportOptions, repeatCommand: RepeatCommand, isLive: Bool, explainsFailures: Bool
    ) throws(OutputError) {
        var console = ConsoleOptions()
        console.verbosity = options.quiet ? .quiet : options.verbose ? .verbose : .normal
        console.usesColor = options.color.isOn
        console.columns = ReportOptions.columns
        console.showsProgress =
            isLive && StandardStreams.columns != nil && !options.quiet && options.annotations == nil
        console.repeatCommand = repeatCommand
        console.explainsFailures = explainsFailures
        var files: [OutputFile] = []
        var reporters: [any Reporter] = []
        // The console's last line stays the last one.
        if options.annotations == .github {
            reporters.append(AnnotationReporter(repeatCommand: repeatCommand, write: StandardOutput.write))
        }
        reporters.append(ConsoleReporter(options: console, write: StandardOutput.write))
        func add(_ path: String?, _ reporter: (@escaping (String) -> Void) -> any Reporter) throws(OutputError) {
            guard let path else { return }
            let file = try OutputFile(path: path)
            files.append(file)
            reporters.append(reporter(file.write))
        }
        try add(options.jsonl) { JSONLinesReporter(write: $0) }
        try add(options.junit) { JUnitReporter(repeatCommand: repeatCommand, write: $0) }
        try add(options.markdown) { MarkdownReporter(repeatCommand: repeatCommand, write: $0) }
        try add(options.html) { HTMLReporter(repeatCommand: repeatCommand, write: $0) }
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
