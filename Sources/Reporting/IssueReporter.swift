public import Conformance

/// What a test of an engine has to say: one text for each failing case, as the console explains it.
///
/// The texts come when the run has ended: first what is wrong with the run itself, then what the failures have in common,
/// then the failing cases in order, and at last how many more there are. A run in which no engine was put to the test has
/// one, too: what was not executed has not passed.
public final class IssueReporter: Reporter {
    private let most: Int
    private let columns = 100
    private let write: (String) -> Void
    private var failures: [(case: String, results: [CaseResult])] = []
    private var findings: [Finding] = []
    private var unsupported = ReasonTally.unsupported
    private var header: RunHeader?

    /// - Parameters:
    ///   - most: how many failing cases get a text of their own, at least 1.
    ///   - write: takes each text, of one line or more.
    public init(most: Int = .max, write: @escaping (String) -> Void) {
        self.most = max(most, 1)
        self.write = write
    }

    public func receive(_ event: Event) {
        switch event {
        case .started(let header): self.header = header
        case .finished(let result): note(result)
        case .found(let finding): findings.append(finding)
        case .ended(let summary): end(summary)
        }
    }

    private func note(_ result: CaseResult) {
        if result.status == .unsupported { unsupported.count(result.reason, of: result.engine) }
        guard result.status.isFailure else { return }
        switch result.verdict.cause {
        // The summary tells of these, once for all cases.
        case .damagedGolden, .shortage: return
        default: break
        }
        if failures.last?.case == result.header.id, failures.last?.results.first?.engine == result.engine {
            failures[failures.count - 1].results.append(result)
        } else {
            failures.append((result.header.id, [result]))
        }
    }

    private func end(_ summary: RunSummary) {
        for damage in summary.distinctDamage { write("golden data damaged: \(SafeText.line(damage))") }
        if let shortage = summary.shortage {
            write("the run could not be completed, because the host ran short: \(SafeText.line(shortage))")
        }
        if summary.counts.executed == 0, failures.isEmpty, summary.damage.isEmpty, summary.shortage == nil {
            let reasons = unsupported.sentences(engines: header?.engines.map(\.name) ?? [])
            write(([RunSentence(summary, header: header).text] + reasons).joined(separator: "\n"))
        }
        if !findings.isEmpty { write(text(of: findings)) }
        for failure in failures.prefix(most) { write(text(of: failure.results)) }
        let more = failures.count - most
        if more > 0 { write("\(Numbers.count(more, "more failing case")), of \(Numbers.count(failures.count))") }
    }

    private func text(of findings: [Finding]) -> String {
        let texts = findings.map { FindingText($0) }.enumerated().map { place, finding in
            finding.lines(columns: columns).enumerated().map { ($0 == 0 ? "\(place + 1). " : "   ") + $1 }
        }
        return (["\(Numbers.count(findings.count, "finding"))"] + texts.flatMap(\.self)).joined(separator: "\n")
    }

    /// A case in every layout in which it failed.
    private func text(of results: [CaseResult]) -> String {
        guard let first = results.first else { return "" }
        let title = "\(first.status.rawValue) \(SafeText.line(first.engine)) \(SafeText.line(first.title))"
        // In the test's own words: a call, not a command.
        let call = "checkEngine(cases: [\"\(SafeText.line(first.header.id))\"]) { \(SafeText.line(first.engine))() }"
        var lines = [title] + Explanation(first, repetition: call).lines(columns: columns).map { "  \($0)" }
        if results.count > 1 {
            let layouts = results.dropFirst().map { "\($0.layouts)" }.joined(separator: ", ")
            lines.append("  It fails in other layouts, too: \(layouts)")
        }
        return lines.joined(separator: "\n")
    }
}
