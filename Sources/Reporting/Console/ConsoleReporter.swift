public import Conformance

/// What a person reads while a run goes on: failures as they come, a table, one line that says what happened.
public final class ConsoleReporter: Reporter {
    private let options: ConsoleOptions
    private let write: (String) -> Void
    private let paint: Paint
    private var header: RunHeader?
    private var progress: ProgressLine?
    private var done = 0
    private var failed = 0
    /// Failures of each engine that were shown, and those of them that were explained.
    private var shown: [String: Int] = [:]
    private var explained: [String: Int] = [:]
    private var endsWithBlankLine = true
    private var novelties = NoveltyFilter()
    private var smallest = SmallestFailure()
    private var findings: [Finding] = []
    private var unsupported = ReasonTally.unsupported
    private var remarks = ReasonTally.remarks
    private var projected = 0

    /// - Parameter write: takes text as it is to appear; with a progress line also carriage returns.
    public init(options: ConsoleOptions = ConsoleOptions(), write: @escaping (String) -> Void) {
        self.options = options
        self.write = write
        paint = Paint(usesColor: options.usesColor)
        progress = options.showsProgress ? ProgressLine(columns: options.columns) : nil
    }

    public func receive(_ event: Event) {
        switch event {
        case .started(let header):
            self.header = header
            if options.verbosity != .quiet { show(opening(header)) }
        case .finished(let result):
            done += 1
            if result.status.isFailure {
                failed += 1
                smallest.note(result)
                if options.explainsFailures { fail(result) }
            } else if options.verbosity == .verbose {
                show(wrapped(line(result, remark: remark(result))))
            }
            if result.status == .unsupported { unsupported.count(result.reason, of: result.engine) }
            if let remark = result.verdict.remark { remarks.count(remark, of: result.engine) }
            if result.isProjected { projected += 1 }
            advance(result)
        case .found(let finding):
            findings.append(finding)
        case .ended(let summary):
            end(summary)
        }
    }

    private func opening(_ header: RunHeader) -> [String] {
        let engines = header.engines.map { SafeText.line("\($0.name) \($0.version)") }.joined(separator: ", ")
        let suites = header.suites.map { "\(SafeText.line($0.name)) (\(Numbers.count($0.cases)))" }
        let text =
            "\(engines) on \(suites.joined(separator: ", ")): \(Numbers.count(header.planned, "check")),"
            + " tolerance \(header.tolerance)"
        return wrapped(text) + [""]
    }

    private func fail(_ result: CaseResult) {
        let novelty = novelties.novelty(of: result)
        if novelty == .told { return }
        shown[result.engine, default: 0] += 1
        if shown[result.engine, default: 0] > options.shownFailures { return }
        let engine = SafeText.line(result.engine)
        if novelty == .sameInAnotherLayout {
            show(wrapped(line(result, remark: "the same in this layout")))
        } else if result.status == .missing || explained[result.engine, default: 0] == options.explainedFailures {
            show(wrapped(line(result, remark: SafeText.line(result.reason))))
        } else {
            let explanation = Explanation(result, run: header, command: options.repeatCommand)
            let lines = explanation.lines(columns: options.columns - 2)
            show(wrapped(line(result, remark: "")) + lines.map { "  \($0)" } + [""])
            explained[result.engine, default: 0] += 1
            if explained[result.engine] == options.explainedFailures {
                show(["(\(engine): further failures take one line each)"])
            }
        }
        if shown[result.engine] == options.shownFailures { show(["(\(engine): further failures are only counted)"]) }
    }

    private func line(_ result: CaseResult, remark: String) -> String {
        let style: Paint.Style =
            result.status.isFailure ? .red : result.status == .pass ? .green : .yellow
        let status = paint(result.status.rawValue, style)
        let subject = "\(status) \(SafeText.line(result.engine)) \(SafeText.line(result.title))"
        return remark.isEmpty ? subject : "\(subject): \(remark)"
    }

    /// What is worth saying of a result that is no failure.
    private func remark(_ result: CaseResult) -> String {
        if let words = result.verdict.reason ?? result.verdict.remark { return SafeText.line(words) }
        guard let ratio = result.verdict.comparison?.ratio, ratio > 0 else { return "" }
        return "worst error \(ratio.roughDescription) of what is allowed"
    }

    private func advance(_ result: CaseResult) {
        let planned = header?.planned ?? 0
        let update = progress?.show(
            at: .now, done: done, planned: planned, failed: failed,
            "\(SafeText.line(result.engine)) \(SafeText.line(result.header.suite))")
        if let update { write(update) }
    }

    private func end(_ summary: RunSummary) {
        let damage = summary.distinctDamage
        let told = damage.prefix(options.explainedFailures)
        var lines = told.flatMap { wrapped(paint("damaged", .red) + " \(SafeText.line($0))") }
        if damage.count > told.count { lines.append("... and \(Numbers.count(damage.count - told.count)) more") }
        for entry in summary.unmatched {
            lines += wrapped(paint("stale", .red) + " " + UnmatchedEntry.sentence(entry, header: header))
        }
        if options.verbosity != .quiet, let header, !header.engines.isEmpty {
            if !(lines.isEmpty && endsWithBlankLine) { lines.append("") }
            lines += SummaryTable(summary, header: header, columns: options.columns, paint: paint).lines
            let engines = header.engines.map(\.name)
            let notes =
                unsupported.sentences(engines: engines) + remarks.sentences(engines: engines)
                + [ProjectionText.tally(projected)].compactMap { $0 }
            if !notes.isEmpty { lines += [""] + notes.flatMap(wrapped) }
            for engine in engines {
                lines += found(engine)
                let smallest = smallest.lines(
                    of: engine, header: header, command: options.repeatCommand, columns: options.columns)
                if !smallest.isEmpty { lines += [""] + smallest }
            }
            lines.append("")
        } else if !options.explainsFailures, let header {
            // What there is to show where failures are not.
            let findings = header.engines.flatMap { found($0.name) }
            lines += findings.isEmpty ? [] : findings.dropFirst() + [""]
        }
        if let fresh = RunSentence.freshData(summary) { lines += wrapped(fresh) }
        let style: Paint.Style = summary.exitStatus == .success ? .green : .red
        let sentence = RunSentence(summary, header: header).text
        lines += WrappedText.lines(sentence, columns: options.columns, indent: 2).map { paint($0, style) }
        show(lines)
    }

    /// What the failures of an engine have in common.
    private func found(_ engine: String) -> [String] {
        let findings = findings.filter { $0.engine == engine }.map {
            FindingText($0, command: options.repeatCommand, of: header)
        }
        if findings.isEmpty { return [] }
        let title = "\(Numbers.count(findings.count, "finding")) about \(SafeText.line(engine))"
        let lists = findings.enumerated().flatMap { place, finding in
            let lines = finding.lines(columns: options.columns - 5)
            let number = "  \(place + 1). "
            return lines.enumerated().map { ($0 == 0 ? number : "     ") + $1 }
        }
        return ["", title] + lists
    }

    /// A text broken at words, further lines indented.
    private func wrapped(_ text: String) -> [String] {
        WrappedText.lines(text, columns: options.columns, indent: 2)
    }

    private func show(_ lines: [String]) {
        endsWithBlankLine = lines.last == ""
        write((progress?.hide() ?? "") + lines.map { SafeText.withoutCommands($0) + "\n" }.joined())
    }
}
