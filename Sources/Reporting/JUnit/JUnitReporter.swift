public import Conformance

/// JUnit's XML: a test suite for each engine and suite, a test case for each case, engine and layout; written at the end.
public final class JUnitReporter: Reporter {
    private let repeatCommand: RepeatCommand
    private let write: (String) -> Void
    private var header: RunHeader?
    /// In the order in which they were first seen.
    private var suites: [Suite] = []
    private var places: [RunSummary.Cell: Int] = [:]
    /// The titles of findings, by engine and case.
    private var findings: [String: [String: String]] = [:]

    /// - Parameter write: takes the document, in pieces, when the run has ended.
    public init(repeatCommand: RepeatCommand = RepeatCommand(), write: @escaping (String) -> Void) {
        self.repeatCommand = repeatCommand
        self.write = write
    }

    public func receive(_ event: Event) {
        switch event {
        case .started(let header): self.header = header
        case .finished(let result): add(result)
        case .found(let finding):
            if !finding.candidates.isEmpty {
                for id in finding.cases { findings[finding.engine, default: [:]][id] = FindingText(finding).title }
            }
            if let history = finding.history, history.limit != .inProcess {
                let title = findings[finding.engine]?[finding.smallest].map { "\($0); " } ?? ""
                findings[finding.engine, default: [:]][finding.smallest] = title + HistoryText(history).text
            }
        case .ended(let summary): writeDocument(summary)
        }
    }

    private func add(_ result: CaseResult) {
        let cell = RunSummary.Cell(engine: result.engine, suite: result.header.suite)
        let place = places[cell] ?? suites.count
        if place == suites.count {
            suites.append(Suite(name: Suite.name(result)))
            places[cell] = place
        }
        suites[place].count(result)
        // What a failure has in common with others is known at the end.
        suites[place].tests.append(result.status.isFailure ? .failing(result) : .written(test(result)))
    }

    /// A test case as it is written.
    private func test(_ result: CaseResult) -> String {
        let test = XMLText(
            "testcase",
            [
                ("classname", Suite.name(result)), ("name", SafeText.line(result.header.name + result.layoutSuffix)),
                ("time", Numbers.fixed(result.seconds, places: 6)),
            ],
            children: [
                outcome(of: result), remark(of: result).map { XMLText("system-out", [], text: SafeText.line($0)) },
            ]
            .compactMap { $0 })
        return "    \(test.markup)\n"
    }

    /// What is worth knowing of a result, also of a pass: which right answer was given, and how it was judged.
    private func remark(of result: CaseResult) -> String? {
        let judged = result.verdict.comparison?.projection.map { "judged \(ProjectionText(projection: $0).text)" }
        let parts = [result.verdict.remark, judged].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// What a test case that did not pass holds.
    private func outcome(of result: CaseResult) -> XMLText? {
        let finding = findings[result.engine]?[result.header.id].map { " [\($0)]" } ?? ""
        let message = SafeText.line(result.reason + finding)
        let attributes = [("message", message), ("type", result.status.rawValue)]
        func explained(_ name: String) -> XMLText {
            let explanation = Explanation(result, run: header, command: repeatCommand)
            return XMLText(name, attributes, text: "\n" + explanation.lines().joined(separator: "\n") + "\n")
        }
        return switch result.status {
        case .pass: nil
        case .unsupported, .xfail: XMLText("skipped", [("message", message)])
        case .fail, .xpass: explained("failure")
        case .error, .crash, .timeout, .missing: explained("error")
        }
    }

    /// A test suite with a failure for each entry of the baseline that matches nothing.
    private func stale(_ entries: [Baseline.Entry]) -> Suite? {
        if entries.isEmpty { return nil }
        var suite = Suite(name: "baseline")
        suite.counts.tests = entries.count
        suite.counts.failures = entries.count
        suite.tests = entries.map { entry in
            let failure = XMLText(
                "failure", [("message", UnmatchedEntry.sentence(entry, header: header)), ("type", "unmatched")])
            let test = XMLText(
                "testcase", [("classname", "baseline"), ("name", "line \(entry.line)"), ("time", "0.000000")],
                children: [failure])
            return .written("    \(test.markup)\n")
        }
        return suite
    }

    private func writeDocument(_ summary: RunSummary) {
        let suites = suites + [stale(summary.unmatched)].compactMap { $0 }
        let total = suites.reduce(into: Suite.Counts()) { $0.add($1.counts) }
        write(#"<?xml version="1.0" encoding="UTF-8"?>"# + "\n")
        write(XMLText.opening("testsuites", [("name", "convcheck")] + total.attributes(ofRoot: true)) + "\n")
        for suite in suites {
            write("  " + XMLText.opening("testsuite", [("name", suite.name)] + suite.counts.attributes()) + "\n")
            for entry in suite.tests {
                switch entry {
                case .written(let test): write(test)
                case .failing(let result): write(test(result))
                }
            }
            write("  </testsuite>\n")
        }
        write("</testsuites>\n")
    }
}

extension JUnitReporter {
    /// One engine on one suite.
    private struct Suite {
        struct Counts {
            var tests = 0
            var failures = 0
            var errors = 0
            var skipped = 0
            var seconds = 0.0

            mutating func add(_ other: Counts) {
                tests += other.tests
                failures += other.failures
                errors += other.errors
                skipped += other.skipped
                seconds += other.seconds
            }

            /// Jenkins' schema knows no `skipped` at the root.
            func attributes(ofRoot isRoot: Bool = false) -> [(String, String)] {
                [("tests", "\(tests)"), ("failures", "\(failures)"), ("errors", "\(errors)")]
                    + (isRoot ? [] : [("skipped", "\(skipped)")]) + [("time", Numbers.fixed(seconds, places: 6))]
            }
        }

        let name: String
        var counts = Counts()
        /// Test cases, in the order of the run.
        var tests: [Entry] = []

        enum Entry {
            case written(String)
            case failing(CaseResult)
        }

        init(name: String) {
            self.name = name
        }

        static func name(_ result: CaseResult) -> String {
            SafeText.line("\(result.engine).\(result.header.suite)")
        }

        mutating func count(_ result: CaseResult) {
            counts.tests += 1
            counts.seconds += result.seconds
            switch result.status {
            case .pass: break
            case .unsupported, .xfail: counts.skipped += 1
            case .fail, .xpass: counts.failures += 1
            case .error, .crash, .timeout, .missing: counts.errors += 1
            }
        }
    }
}
