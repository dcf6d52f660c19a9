internal import Conformance

/// What the page says of the run as a whole.
struct PageRun: Encodable {
    struct Fact: Encodable {
        var label: String
        var text: String
    }

    struct Tally: Encodable {
        var text: String
        var count: Int
    }

    struct Engine: Encodable {
        var name: String
        var version: String
        var specification: String
        var description: String
    }

    struct FindingEntry: Encodable {
        /// The place among ``engines``, as everywhere.
        var engine: Int
        var title: String
        var parts: [Fact]
        var smallest: String
        var cases: Int
    }

    struct Margin: Encodable {
        struct Nearest: Encodable {
            var title: String
            var ratio: String
        }

        var engine: Int
        var exact: Int
        var counts: [Int]
        var nearest: [Nearest]

        init(_ margins: Margins, engine: Int) {
            self.engine = engine
            (exact, counts) = (margins.exact, margins.counts)
            nearest = margins.nearest.map {
                Nearest(title: SafeText.line($0.title), ratio: $0.ratio.roughDescription)
            }
        }
    }

    struct Declined: Encodable {
        var engine: Int
        var reasons: [Tally]
    }

    struct Choice: Encodable {
        var choice: String
        /// By engine.
        var answers: [[Tally]]
    }

    var sentence: String
    /// Whether the run came to exit status 0.
    var passed: Bool
    var facts: [Fact]
    var engines: [Engine]
    var suites: [String]
    /// By suite, then by engine: statuses with their counts.
    var cells: [[[Tally]]]
    var findings: [FindingEntry]
    var margins: [Margin] = []
    var unsupported: [Declined] = []
    var choices: [Choice] = []
    /// What is wrong with the run itself: golden data, the host, the baseline.
    var troubles: [String]
    /// How many there are, shown or not.
    var failures = 0
    /// How many checks besides were not run.
    var untold = 0

    init(_ summary: RunSummary, header: RunHeader?, findings: [Finding], command: RepeatCommand) {
        let identities = header?.engines ?? []
        sentence = RunSentence(summary, header: header).text
        passed = summary.exitStatus == .success
        engines = identities.map {
            Engine(
                name: SafeText.line($0.name), version: SafeText.line($0.version),
                specification: SafeText.printable($0.specification),
                description: PageRun.description(of: $0))
        }
        suites = (header?.suites ?? []).map { SafeText.line($0.name) }
        cells = (header?.suites ?? []).map { suite in
            identities.map { engine in
                let counts = summary.cells[.init(engine: engine.name, suite: suite.name)] ?? StatusCounts()
                return Status.allCases.filter { counts[$0] > 0 }.map { Tally(text: $0.rawValue, count: counts[$0]) }
            }
        }
        self.findings = findings.map { finding in
            let text = FindingText(finding, command: command, of: header)
            return FindingEntry(
                engine: identities.firstIndex { $0.name == finding.engine } ?? 0, title: text.title,
                parts: text.parts.filter { $0.label != "smallest" }.map { Fact(label: $0.label, text: $0.text) },
                smallest: SafeText.line(finding.smallest), cases: finding.cases.count)
        }
        troubles =
            summary.distinctDamage.map { "golden data damaged: \(SafeText.line($0))" }
            + [summary.shortage.map { "the host ran short: \(SafeText.line($0))" }].compactMap { $0 }
            + summary.unmatched.map { UnmatchedEntry.sentence($0, header: header) }
        facts = []
        guard let header else { return }
        let selection = header.selection.map(RepeatCommand.quoted).joined(separator: " ")
        let shard = header.shard.map { "\($0.index) of \($0.count), of \(Numbers.count($0.cases, "case")) in all" }
        facts = [
            ("tolerance", header.tolerance.description), ("layouts", header.layouts.rawValue),
            ("cases", selection.isEmpty ? "all" : SafeText.line(selection)), ("shard", shard ?? ""),
            ("baseline", header.baseline.map { SafeText.line($0.name) } ?? ""),
            ("fresh data", RunSentence.freshData(summary) ?? ""),
            ("golden data", SafeText.line(header.suiteDigest)),
            ("made by", SafeText.line("\(header.tool.program) \(header.tool.version)")),
        ].filter { !$0.1.isEmpty }.map { Fact(label: $0.0, text: $0.1) }
    }

    private static func description(of engine: RunHeader.EngineIdentity) -> String {
        let capabilities = engine.capabilities
        let types = capabilities.types.map(\.rawValue).joined(separator: ", ")
        let operations = capabilities.operations.map(\.rawValue).joined(separator: ", ")
        let layouts = capabilities.layouts.map(\.description).joined(separator: ", ")
        let kind = "\(capabilities.algorithm.rawValue) in \(capabilities.arithmetic.rawValue)"
        let configuration = engine.configuration.sorted { $0.key < $1.key }.map { "; \($0.key) \($0.value)" }
        return "\(kind); \(operations); \(types); \(layouts)" + SafeText.line(configuration.joined())
    }
}
