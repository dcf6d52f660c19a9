public import Conformance

/// One page without network: what was found, tables, and each failing case with pictures of its numbers; written at the
/// end.
///
/// Everything that an engine said stands in the page as JSON, which its script shows as text, never as markup.
public final class HTMLReporter: Reporter {
    private let repeatCommand: RepeatCommand
    private let failureLimit: Int
    private let write: (String) -> Void
    private var header: RunHeader?
    private var failures: [CaseResult] = []
    /// Checks that were not run for a reason that a failure has told.
    private var untold = 0
    private var novelties = NoveltyFilter()
    private var findings: [Finding] = []
    private var margins: [String: Margins] = [:]
    private var unsupported = ReasonTally.unsupported
    private var choices = ChoiceTally()

    /// - Parameters:
    ///   - failureLimit: how many failures are shown, of each engine its share, the smallest cases first.
    ///   - write: takes the page when the run has ended.
    public init(
        repeatCommand: RepeatCommand = RepeatCommand(), failureLimit: Int = 2000, write: @escaping (String) -> Void
    ) {
        self.repeatCommand = repeatCommand
        self.failureLimit = failureLimit
        self.write = write
    }

    public func receive(_ event: Event) {
        switch event {
        case .started(let header): self.header = header
        case .finished(let result): add(result)
        case .found(let finding): findings.append(finding)
        case .ended(let summary): write(page(summary))
        }
    }

    private func add(_ result: CaseResult) {
        if result.status.isFailure {
            if novelties.novelty(of: result) == .told { untold += 1 } else { failures.append(result) }
        }
        if result.status == .unsupported { unsupported.count(result.reason, of: result.engine) }
        if let remark = result.verdict.remark { choices.count(remark, of: result.engine) }
        if result.status == .pass, let ratio = result.verdict.comparison?.ratio {
            margins[result.engine, default: Margins()].count(ratio, of: result)
        }
    }

    private func page(_ summary: RunSummary) -> String {
        let engines = header?.engines.map(\.name) ?? []
        let shown = shownFailures(engines)
        let numbers = Dictionary(uniqueKeysWithValues: engines.enumerated().map { ($1, $0) })
        var run = PageRun(summary, header: header, findings: findings, command: repeatCommand)
        run.margins = engines.enumerated().compactMap { place, name in
            margins[name].map { PageRun.Margin($0, engine: place) }
        }
        run.unsupported = engines.enumerated().compactMap { place, name in
            let reasons = unsupported.counts(of: name)
            return reasons.isEmpty ? nil : .init(engine: place, reasons: reasons.map { .init(text: $0, count: $1) })
        }
        run.choices = choices.rows(engines: engines).map { choice, answers in
            .init(choice: choice, answers: answers.map { $0.map { .init(text: $0, count: $1) } })
        }
        (run.failures, run.untold) = (failures.count, untold)
        let cases = findings.map { Set($0.cases) }
        let entries = shown.map { result in
            PageFailure(
                result, engine: numbers[result.engine] ?? 0,
                findings: findings.indices.filter {
                    findings[$0].engine == result.engine && cases[$0].contains(result.header.id)
                }, run: header, command: repeatCommand)
        }
        return HTMLPage.text(title: run.sentence, run: run, failures: entries)
    }

    /// Of each engine as many failures as its share allows, the smallest first, in the order of the engines.
    private func shownFailures(_ engines: [String]) -> [CaseResult] {
        let groups = Dictionary(grouping: failures, by: \.engine)
        let failing = engines.filter { groups[$0] != nil }
        var room = failureLimit
        var shares: [String: Int] = [:]
        // What an engine with few failures leaves is for the others.
        for (place, engine) in failing.sorted(by: { (groups[$0]?.count ?? 0) < (groups[$1]?.count ?? 0) }).enumerated()
        {
            let share = min(groups[engine]?.count ?? 0, room / (failing.count - place))
            shares[engine] = share
            room -= share
        }
        return failing.flatMap { engine in
            let sized = (groups[engine] ?? []).enumerated().map { (CaseSize($1.header), $0, $1) }
            return sized.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.prefix(shares[engine] ?? 0).map(\.2)
        }
    }
}
