public import Conformance

/// A page for a CI summary: the verdict, findings, a table of suites and engines, and folded the smallest failing cases;
/// written at the end.
public final class MarkdownReporter: Reporter {
    /// Bytes of the whole page: GitHub takes a step summary of at most 1 MiB.
    private static let byteLimit = 1_000_000

    private let repeatCommand: RepeatCommand
    private let failureLimit: Int
    private let write: (String) -> Void
    private var header: RunHeader?
    /// The smallest failing cases, smallest first.
    private var failures: [(size: CaseSize, section: String)] = []
    private var findings: [Finding] = []
    private var novelties = NoveltyFilter()
    private var unsupported = ReasonTally.unsupported
    private var remarks = ReasonTally.remarks
    private var projected = 0

    /// - Parameters:
    ///   - failureLimit: how many failures are explained, the smallest cases first.
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
            if result.isProjected { projected += 1 }
            if result.status.isFailure { add(result) }
        case .found(let finding): findings.append(finding)
        case .ended(let summary): write(page(summary))
        }
    }

    private func add(_ result: CaseResult) {
        guard novelties.novelty(of: result) == .new else { return }
        let size = CaseSize(result.header)
        let place = failures.lastIndex { $0.size <= size }.map { $0 + 1 } ?? 0
        if place >= failureLimit { return }
        let explanation = Explanation(result, run: header, command: repeatCommand)
        let title = "\(result.status.rawValue): \(result.engine), \(result.title)"
        let section = """
            <details><summary>\(MarkdownText.summary(title))</summary>

            \(MarkdownText.block(explanation.lines()))

            </details>
            """
        failures.insert((size, section), at: place)
        if failures.count > failureLimit { failures.removeLast() }
    }

    /// The verdict, findings, the table and what else there is to say, as far as there is room; then the failing cases.
    private func page(_ summary: RunSummary) -> String {
        let fresh = RunSentence.freshData(summary).map { [MarkdownText.escaped($0)] } ?? []
        let notes = fresh + findings.map(section) + [table(summary)].compactMap { $0 } + remarks(summary)
        var page = "### convcheck\n\n**\(MarkdownText.escaped(RunSentence(summary, header: header).text))**"
        // What is left out has to be said, too.
        var room = MarkdownReporter.byteLimit - page.utf8.count - 1000
        var (left, shown) = (0, 0)
        for note in notes {
            if note.utf8.count + 2 > room {
                left += 1
            } else {
                room -= note.utf8.count + 2
                page += "\n\n" + note
            }
        }
        if left > 0 { page += "\n\n... and \(Numbers.count(left, "more part")) for which this page has no room." }
        for (_, section) in failures {
            room -= section.utf8.count + 2
            if room < 0 { break }
            page += "\n\n" + section
            shown += 1
        }
        let more = summary.counts.failures - shown
        if more > 0 {
            page +=
                "\n\n... and \(Numbers.count(more, "more failure")), not shown here: the log has the first of them, and "
                + "all are in what --jsonl and --junit write."
        }
        return page + "\n"
    }

    private func section(_ finding: Finding) -> String {
        let text = FindingText(finding, command: repeatCommand, of: header)
        let title = MarkdownText.escaped("\(finding.engine): \(text.title)")
        return "#### \(title)\n\n" + list(text.parts.map { "\($0.label): \($0.text)" })
    }

    /// What engines could not do or chose, and what is wrong with the run itself.
    private func remarks(_ summary: RunSummary) -> [String] {
        var parts: [String] = []
        let engines = header?.engines.map(\.name) ?? []
        let notes =
            unsupported.sentences(engines: engines) + remarks.sentences(engines: engines)
            + [ProjectionText.tally(projected)].compactMap { $0 }
        if !notes.isEmpty { parts.append(list(notes)) }
        func add(_ title: String, _ lines: [String]) {
            if lines.isEmpty { return }
            let more = lines.count - failureLimit
            let rest = more > 0 ? "\n- ... and \(Numbers.count(more)) more" : ""
            parts.append("\(title):\n\n" + list(lines.prefix(failureLimit)) + rest)
        }
        add("Golden data that could not be read", summary.distinctDamage)
        add(
            "Entries of the baseline without a failure",
            summary.unmatched.map { UnmatchedEntry.sentence($0, header: header) })
        return parts
    }

    private func list(_ lines: some Sequence<String>) -> String {
        lines.map { "- \(MarkdownText.escaped($0))" }.joined(separator: "\n")
    }

    private func table(_ summary: RunSummary) -> String? {
        guard let header, !header.engines.isEmpty else { return nil }
        func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        func cell(_ counts: StatusCounts) -> String {
            counts.failures > 0 ? "**\(RunSentence.tally(counts))**" : RunSentence.tally(counts)
        }
        func counts(_ suite: String) -> [StatusCounts] {
            header.engines.map { summary.cells[.init(engine: $0.name, suite: suite)] ?? StatusCounts() }
        }
        let suites = header.suites.map(\.name)
        let total = header.engines.indices.map { engine in StatusCounts(sum: suites.map { counts($0)[engine] }) }
        let engines = header.engines.map { MarkdownText.escaped("\($0.name) \($0.version)") }
        let rows =
            [row(["suite"] + engines), row(["---"] + engines.map { _ in "---" })]
            + suites.map { row([MarkdownText.escaped($0)] + counts($0).map(cell)) } + [row(["total"] + total.map(cell))]
        return rows.joined(separator: "\n")
    }
}
