public import Conformance

/// A page for a CI summary: the verdict, a table of engines and suites, the first failures; written at the end.
public final class MarkdownReporter: Reporter {
    /// Bytes of the whole page: GitHub takes a step summary of at most 1 MiB.
    private static let byteLimit = 1_000_000

    private let repeatCommand: RepeatCommand
    private let failureLimit: Int
    private let write: (String) -> Void
    private var header: RunHeader?
    private var failures: [String] = []
    private var failureBytes = 0
    private var novelties = NoveltyFilter()
    private var unsupported = ReasonTally.unsupported
    private var remarks = ReasonTally.remarks

    /// - Parameters:
    ///   - failureLimit: how many failures are explained.
    ///   - write: takes the page when the run has ended.
    public init(
        repeatCommand: RepeatCommand = RepeatCommand(), failureLimit: Int = 50, write: @escaping (String) -> Void
    ) {
        self.repeatCommand = repeatCommand
        self.failureLimit = failureLimit
        self.write = write
    }

    public func receive(_ event: Event) {
        switch event {
        case .started(let header): self.header = header
        case .finished(let result):
            if result.status == .unsupported { unsupported.count(result.reason, of: result.engine) }
            if let remark = result.verdict.remark { remarks.count(remark, of: result.engine) }
            if result.status.isFailure { add(result) }
        case .ended(let summary): write(page(summary))
        }
    }

    private func add(_ result: CaseResult) {
        guard novelties.novelty(of: result) == .new, failures.count < failureLimit else { return }
        let explanation = Explanation(result, header: header, command: repeatCommand)
        let section = """
            #### \(MarkdownText.escaped("\(result.status.rawValue): \(result.engine), \(result.title)"))

            \(MarkdownText.block(explanation.lines))
            """
        guard failureBytes + section.utf8.count < MarkdownReporter.byteLimit - 100_000 else { return }
        failureBytes += section.utf8.count
        failures.append(section)
    }

    private func page(_ summary: RunSummary) -> String {
        var parts = ["### convcheck", "**\(MarkdownText.escaped(RunSentence(summary, header: header).text))**"]
        if let table = table(summary) { parts.append(table) }
        let engines = header?.engines.map(\.name) ?? []
        let notes = unsupported.sentences(engines: engines) + remarks.sentences(engines: engines)
        if !notes.isEmpty { parts.append(list(notes)) }
        let damage = summary.distinctDamage
        if !damage.isEmpty {
            let more = damage.count - failureLimit
            parts.append(
                "Golden data that could not be read:\n\n" + list(damage.prefix(failureLimit))
                    + (more > 0 ? "\n- ... and \(Numbers.count(more)) more" : ""))
        }
        parts += failures
        let more = summary.counts.failures - failures.count
        if more > 0 { parts.append("... and \(Numbers.count(more, "more failure")), not shown here.") }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func list(_ lines: some Sequence<String>) -> String {
        lines.map { "- \(MarkdownText.escaped($0))" }.joined(separator: "\n")
    }

    private func table(_ summary: RunSummary) -> String? {
        guard let header, !header.engines.isEmpty else { return nil }
        let suites = header.suites.map(\.name)
        func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        var rows = [row(["engine"] + suites.map(MarkdownText.escaped) + ["total"])]
        rows.append(row(["---"] + suites.map { _ in "---" } + ["---"]))
        for engine in header.engines {
            let counts = suites.map {
                summary.cells[.init(engine: engine.name, suite: $0)] ?? StatusCounts()
            }
            let name = MarkdownText.escaped("\(engine.name) \(engine.version)")
            rows.append(row([name] + counts.map(cell) + [cell(StatusCounts(sum: counts))]))
        }
        return rows.joined(separator: "\n")
    }

    private func cell(_ counts: StatusCounts) -> String {
        var parts = ["\(Numbers.count(counts[.pass])) passed"]
        if counts.failures > 0 { parts.append("**\(RunSentence.failures(counts))**") }
        if counts[.unsupported] > 0 { parts.append("\(Numbers.count(counts[.unsupported])) unsupported") }
        return parts.joined(separator: ", ")
    }
}
