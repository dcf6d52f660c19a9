public import Conformance

/// A page for a CI summary: the verdict, a table of suites and engines, the smallest failing cases; written at the end.
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
            if result.status.isFailure { add(result) }
        case .found(let finding): findings.append(finding)
        case .ended(let summary): write(page(summary))
        }
    }

    private func add(_ result: CaseResult) {
        guard novelties.novelty(of: result) == .new else { return }
        let size = CaseSize(result.header)
        let place = failures.firstIndex { size < $0.size } ?? failures.endIndex
        if place >= failureLimit { return }
        let explanation = Explanation(result, run: header, command: repeatCommand)
        let section = """
            #### \(MarkdownText.escaped("\(result.status.rawValue): \(result.engine), \(result.title)"))

            \(MarkdownText.block(explanation.lines()))
            """
        failures.insert((size, section), at: place)
        if failures.count > failureLimit { failures.removeLast() }
    }

    private func page(_ summary: RunSummary) -> String {
        var parts = ["### convcheck", "**\(MarkdownText.escaped(RunSentence(summary, header: header).text))**"]
        if let table = table(summary) { parts.append(table) }
        parts += findings.map { finding in
            let text = FindingText(finding)
            let title = MarkdownText.escaped("\(finding.engine): \(text.title)")
            return "#### \(title)\n\n" + list(text.parts.map { "\($0.label): \($0.text)" })
        }
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
        if !summary.unmatched.isEmpty {
            parts.append(
                "Entries of the baseline without a failure:\n\n"
                    + list(summary.unmatched.prefix(failureLimit).map { UnmatchedEntry.sentence($0, header: header) }))
        }
        var room = MarkdownReporter.byteLimit - 100_000
        let sections = failures.map(\.section).prefix { section in
            room -= section.utf8.count
            return room >= 0
        }
        parts += sections
        let more = summary.counts.failures - sections.count
        if more > 0 { parts.append("... and \(Numbers.count(more, "more failure")), not shown here.") }
        return parts.joined(separator: "\n\n") + "\n"
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
