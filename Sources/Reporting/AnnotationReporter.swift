public import Conformance

/// Workflow commands that GitHub shows beside a job: what was found, and what no finding explains; written at the end.
///
/// GitHub keeps ten errors of a step, so there are never more: first what is wrong with the run itself, then findings, then
/// the smallest failing cases that belong to none.
public final class AnnotationReporter: Reporter {
    private static let mostErrors = 10
    /// The longest title, in characters: GitHub cuts longer ones.
    private static let longestTitle = 200

    private let repeatCommand: RepeatCommand
    private let write: (String) -> Void
    private var header: RunHeader?
    private var findings: [Finding] = []
    private var failures: [CaseResult] = []
    private var novelties = NoveltyFilter()

    /// - Parameter write: takes the commands, a line each, when the run has ended.
    public init(repeatCommand: RepeatCommand = RepeatCommand(), write: @escaping (String) -> Void) {
        self.repeatCommand = repeatCommand
        self.write = write
    }

    public func receive(_ event: Event) {
        switch event {
        case .started(let header): self.header = header
        case .finished(let result):
            if result.status.isFailure, novelties.novelty(of: result) == .new { failures.append(result) }
        case .found(let finding): findings.append(finding)
        case .ended(let summary): annotate(summary)
        }
    }

    private func annotate(_ summary: RunSummary) {
        if summary.exitStatus == .success { return }
        let sentence = RunSentence(summary, header: header).text
        var errors: [(title: String, lines: [String])] = []
        for damage in summary.distinctDamage { errors.append(("golden data damaged", [SafeText.line(damage)])) }
        if let shortage = summary.shortage { errors.append(("the host ran short", [SafeText.line(shortage)])) }
        errors += findings.map(annotation)
        for entry in summary.unmatched {
            errors.append(("baseline", [UnmatchedEntry.sentence(entry, header: header)]))
        }
        let explained = Set(findings.flatMap { finding in finding.cases.map { [finding.engine, $0] } })
        let rest = failures.filter { !explained.contains([$0.engine, $0.header.id]) }
        let room = max(0, Self.mostErrors - errors.count)
        let smallest = rest.map { (CaseSize($0.header), $0) }.enumerated()
            .sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.prefix(room).map(\.element.1)
        errors += smallest.map(annotation)
        // What has no failure to show, such as a run in which nothing was executed.
        if errors.isEmpty { errors.append(("convcheck", [sentence])) }
        for (title, lines) in errors.prefix(Self.mostErrors) { write(Self.command("error", title, lines)) }
        let more = errors.count - Self.mostErrors
        let untold = (more > 0 ? more : 0) + rest.count - smallest.count
        if untold > 0 {
            let words =
                "\(sentence); \(Numbers.count(untold)) more than these \(Self.mostErrors): see the log or the reports"
            write(Self.command("notice", "convcheck", [words]))
        }
    }

    private func annotation(_ finding: Finding) -> (title: String, lines: [String]) {
        let text = FindingText(finding, command: repeatCommand, of: header)
        return ("\(SafeText.line(finding.engine)): \(text.title)", text.parts.map { "\($0.label): \($0.text)" })
    }

    private func annotation(_ result: CaseResult) -> (title: String, lines: [String]) {
        let command = SafeText.printable(repeatCommand.command(for: result, of: header))
        return (
            "\(result.status.rawValue) \(SafeText.line(result.engine)) \(SafeText.line(result.title))",
            [SafeText.line(result.reason), "repeat: \(command)"]
        )
    }

    /// A workflow command: nothing in title and lines ends it, or is another.
    private static func command(_ name: String, _ title: String, _ lines: [String]) -> String {
        let short = title.count > longestTitle ? title.prefix(longestTitle) + "..." : title[...]
        let property = escaped(String(short)).replacing(":", with: "%3A").replacing(",", with: "%2C")
        return "::\(name) title=\(property)::\(escaped(lines.joined(separator: "\n")))\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
}
