internal import ArgumentParser
internal import Conformance
internal import Diagnosis
internal import DrawnCases
internal import Reporting
internal import RunRecord

/// `convcheck diagnose`: says what the failures of a run have in common, from its record.
struct DiagnoseCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "diagnose", abstract: "Says what the failures of a run have in common, from its record.",
            discussion: """
                No engine is run, but with --history: the answers in the record are compared with what known mistakes give on the \
                same golden cases. Of several records, those of all shards of a run, the failures are taken together. Failures that are \
                listed in the run's baseline are left out. Findings that stand in the record are made anew, and \
                every report has them: --jsonl writes the record with its new findings. The exit status is that of the run; \
                golden files that are not those of the run are refused with status 2.
                """)
    }

    @Argument(help: ArgumentHelp("The record of a run, or those of all its shards.", valueName: "record"))
    var paths: [String]

    @Flag(
        help: """
            Start the engines of the record, and ask them the smallest case of each kind of failure again in fresh processes, \
            alone and after the cases before, to say whether it fails by itself: at most \
            \(Int(Runner.usualHistoryLimit / .seconds(1))) seconds for each. Without it the record's own histories are told.
            """)
    var history = false

    @OptionGroup(title: "Engines of the record, for --history") var engineOptions: EngineOptions
    @OptionGroup(title: "Cases") var goldenOptions: GoldenOptions
    @OptionGroup(title: "Reports") var reportOptions: ReportOptions

    func validate() throws {
        if !engineOptions.specifications.isEmpty {
            throw ValidationError("the engines are those of the record; leave --engine out")
        }
    }

    func run() throws {
        var claims = OutputClaims()
        for path in paths { claims.protect(path, "it is the record") }
        for path in goldenOptions.files { claims.protect(path, "it is a golden file") }
        var record = try RunRecord.read(merging: paths)
        let failures = record.results.filter { $0.status.isFailure && $0.status != .missing }
        let reports = try reportOptions.open(
            repeatCommand: RepeatCommand(executable: record.header.tool.program), claims: claims, isLive: false,
            explainsFailures: reportOptions.verbose)
        record.findings = failures.isEmpty ? [] : try findings(record)
        record.events.forEach(reports.receive)
        try reports.close()
        if !failures.isEmpty, record.findings.allSatisfy({ $0.candidates.isEmpty && $0.rule == nil }) {
            StandardError.say("nothing found: no known mistake gives these answers, and no rule tells where they are")
        }
        let unknown = failures.count { $0.verdict.cause?.isOfAnAnswer == true && $0.answer == nil }
        if unknown > 0 {
            StandardError.say(
                "the record does not hold the answers of \(unknown) of \(failures.count) failing checks: no mistake was "
                    + "looked for in these")
        }
        if record.summary.exitStatus != .success { throw Stop(record.summary.exitStatus) }
    }

    private func findings(_ record: RunRecord) throws -> [Finding] {
        let suites = record.header.suites.map(\.name)
        let fresh = record.summary.fresh
        let listed = try record.header.problemOptions.cases(seed: fresh?.seed)
        let store: any CaseSource = try listed ?? goldenOptions.open(suites: suites)
        try record.header.checkDigests(of: Set(suites), in: store, record: paths.joined(separator: "', '"))
        let diagnosis = FaultDiagnosis()
        let drawn = listed == nil ? fresh.map { FreshCases(store, seed: $0.seed) } : nil
        let groups = Dictionary(grouping: record.results, by: \.engine)
        let runner = history ? try runner(record, drawn ?? store) : nil
        return record.header.engines.flatMap { engine in
            let observations = (groups[engine.name] ?? []).map(Observation.init)
            guard observations.contains(where: { $0.status.isFailure }) else { return [Finding]() }
            let found = diagnosis.findings(engine: engine.name, observations: observations, source: drawn ?? store)
            if let runner, runner.engines.contains(where: { $0.name == engine.name && $0.hasOwnProcess }) {
                return runner.withHistories(found, of: engine.name, observations)
            }
            if runner != nil {
                StandardError.say(
                    "--history: '\(engine.name)' runs inside this process, and is not asked again (--in-workers gives a "
                        + "registered engine processes)")
            }
            return withRecordedHistories(found, record.findings.filter { $0.engine == engine.name })
        }
    }

    /// What asks the engines of a record that failed something as the run did.
    private func runner(_ record: RunRecord, _ source: any CaseSource) throws -> Runner {
        let failed = Set(record.results.filter(\.status.isFailure).map(\.engine))
        let engines = try engineOptions.start(
            record.header.engines.filter { failed.contains($0.name) }, arithmetic: record.header.arithmetic,
            judgeAs: record.header.judgeAs)
        var runner = Runner(engines: engines, source: source, cases: source.cases)
        runner.judge = Judge(tolerance: record.header.tolerance)
        runner.repeats = record.header.repeats
        runner.historyLimit = Runner.usualHistoryLimit
        return runner
    }

    /// What the record itself says of the smallest cases of findings, and the findings that say nothing else.
    private func withRecordedHistories(_ findings: [Finding], _ recorded: [Finding]) -> [Finding] {
        let named = findings.map { finding in
            var finding = finding
            finding.history = recorded.first { $0.smallest == finding.smallest && $0.history != nil }?.history
            return finding
        }
        let known = Set(findings.flatMap(\.cases))
        return named
            + recorded.filter {
                $0.candidates.isEmpty && $0.rule == nil && $0.history != nil && known.isDisjoint(with: $0.cases)
            }
    }
}

extension Observation {
    /// What a record says of a check.
    fileprivate init(_ result: CaseResult) {
        self.init(header: result.header, layouts: result.layouts, status: result.status, turn: result.turn)
        switch (result.status, result.verdict.cause) {
        case (.fail, .rejectedValid(let words)?): answer = .rejected(words)
        case (.fail, _): answer = result.answer.map { .output($0.tensor) }
        case (.error, .stated(let words)?): answer = .error(words)
        case (.crash, .stated(let words)?): answer = .crash(words)
        case (.timeout, .stated(let words)?): answer = .timeout(words)
        default: break
        }
    }
}

extension Cause {
    /// Whether there was an answer, with numbers.
    fileprivate var isOfAnAnswer: Bool {
        switch self {
        case .mismatch, .misplacedNonFinite, .precisionLost, .wrongShape, .acceptedInvalid, .acceptedBeyondInput: true
        default: false
        }
    }
}
