internal import ArgumentParser
internal import Conformance
internal import Diagnosis
internal import DrawnCases
internal import Foundation
internal import GoldenStore
internal import Reporting

/// `convcheck run`: gives golden cases to engines and judges what they answer.
struct RunCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "run", abstract: "Runs golden cases on engines, all cases by default.",
            discussion: """
                \(CommandName.word) run --engine direct --suite grid
                \(CommandName.word) run --engine lib:./libmine.so
                \(CommandName.word) run --engine 'cmd:python3 my_adapter.py' --junit report.xml

                Without --tolerance, integer data must match bit for bit, and real data within a bound that follows from the \
                number of products, the size of the numbers and the engine's arithmetic.

                \(ExitStatus.explanation)
                """)
    }

    @OptionGroup(title: "Engines") var engineOptions: EngineOptions
    @OptionGroup(title: "Cases") var caseOptions: CaseOptions
    @OptionGroup(title: "Cases") var problemOptions: ProblemOptions
    @OptionGroup(title: "Truth") var truthOptions: TruthOptions
    @OptionGroup(title: "Reports") var reportOptions: ReportOptions

    @Option(
        help: ArgumentHelp(
            "In which of its declared layouts an engine is run: preferred, sample (the others on a sample of the cases), all.",
            valueName: "which"), transform: word(of: LayoutSelection.self))
    var layouts = LayoutSelection.sample

    @Option(
        help: ArgumentHelp("Another judgement: exact, ulp:N, abs:A, rel:R, bound:FACTOR (x u x M).", valueName: "t"),
        transform: tolerance(of:))
    var tolerance = Tolerance.derived

    @Option(
        help: ArgumentHelp(
            "How many cases run at the same time, at most \(Runner.mostJobs) (default: one for each core).",
            valueName: "n"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "How long an engine may take for a case, whatever its size (default: 60 seconds, and one for every ten million "
                + "products). Its start and its waits for a processor do not count.", valueName: "seconds"))
    var timeout: Double?

    @Flag(help: "Let engines meet the cases in another order each time. Its seed is said; reports keep their order.")
    var shuffle = false

    @Option(
        help: ArgumentHelp("Let engines meet the cases in the order that follows from this seed.", valueName: "seed"))
    var orderSeed: UInt64?

    @Flag(
        help: """
            Let one instance of each engine meet the cases in the order in which --case names them, to repeat a failure that \
            depends on what was asked before.
            """)
    var inOrder = false

    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp(
            "Ask every case so often: a case that is right once and wrong once fails. A sample of the cases is always asked "
                + "again, and behind one of the same shape.", valueName: "n"))
    var repeats = 1

    @Option(help: ArgumentHelp("Stop after so many failures; the rest counts as missing.", valueName: "n"))
    var maxFail: Int?

    @Flag(
        inversion: .prefixedNo,
        help: "Whether failures are compared with what known mistakes would answer, to say what they have in common.")
    var diagnosis = true

    @Flag(
        inversion: .prefixedNo,
        help: """
            Whether the smallest case of each kind of failure is asked again in fresh processes, alone and after the cases \
            before, to say whether it fails by itself: at most \(Int(Runner.usualHistoryLimit / .seconds(1))) seconds for each engine, \
            and only where something failed. Not for engines inside this process, and not with --no-diagnosis.
            """)
    var history = true

    @Option(
        help: ArgumentHelp(
            "Take the failures that this file lists for known: they count as xfail. What it lists and passes, or matches "
                + "nothing, makes the run fail.", valueName: "file"))
    var baseline: String?

    @Option(
        help: ArgumentHelp(
            "Run what failed in the run of this record: those cases, on those engines, in those layouts.",
            valueName: "record"))
    var rerunFailed: String?

    @Option(
        defaultAsFlag: FreshSeed.ofTheSystem,
        help: ArgumentHelp(
            "Draw the data of every case anew, from a seed, and compute the answers: stored ones are worth nothing then. Without "
                + "a seed the system gives one, which is told when all has been run.", valueName: "seed"))
    var fresh: FreshSeed?

    @Flag(help: "Stop after the first failure: --max-fail 1.")
    var failFast = false

    @Option(
        help: ArgumentHelp(
            "Skip the cases whose tensors need more memory, and count them as unsupported.", valueName: "MiB"))
    var memoryLimit = 1024

    func validate() throws {
        if !(1...1 << 40).contains(memoryLimit) {
            throw ValidationError("--memory-limit is \(memoryLimit), expected at least 1 MiB")
        }
        if !(1...1_000_000).contains(repeats) { throw ValidationError("--repeat is \(repeats), expected at least 1") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs), expected at least 1") }
        if let maxFail, maxFail < 1 { throw ValidationError("--max-fail is \(maxFail), expected at least 1") }
        if inOrder {
            if caseOptions.patterns.isEmpty { throw ValidationError("--in-order needs --case, which names the order") }
            if shuffle || orderSeed != nil {
                throw ValidationError("--in-order and another order contradict each other")
            }
            if caseOptions.shard != nil { throw ValidationError("--in-order and --shard contradict each other") }
            if let jobs, jobs > 1 { throw ValidationError("--in-order asks one case at a time, and --jobs is \(jobs)") }
        }
        if failFast, let maxFail, maxFail > 1 {
            throw ValidationError("--fail-fast and --max-fail \(maxFail) contradict each other")
        }
        if rerunFailed != nil, !engineOptions.specifications.isEmpty {
            throw ValidationError("--rerun-failed takes the engines from the record; leave --engine out")
        }
        if case .none(let word)? = fresh {
            throw ValidationError("--fresh is '\(word)', expected a whole number from 0 to 2^64 - 1")
        }
        if fresh == .ofTheSystem, caseOptions.shard != nil {
            throw ValidationError("--fresh with --shard needs a seed, the same for all shards")
        }
        if truthOptions.policy(tolerance) == .projected, tolerance != .derived {
            throw ValidationError("--projected knows the derived tolerance alone, and --tolerance is \(tolerance)")
        }
        if let timeout, !(timeout > 0 && timeout <= 1e6) {
            throw ValidationError("--timeout is \(timeout), expected more than 0 and at most 1000000 seconds")
        }
    }

    func run() throws {
        let summary = try perform()
        if summary.exitStatus != .success { throw Stop(summary.exitStatus) }
    }

    /// Runs the cases, tells the reports of it, and closes them.
    ///
    /// - Parameter observe: is told of every event as the reports are.
    /// - Throws: ``Stop`` where there was nothing to run, or something could not be done.
    func perform(observe: (Event) -> Void = { _ in }) throws -> RunSummary {
        var claims = OutputClaims()
        for path in caseOptions.folder.files { claims.protect(path, "it is a golden file") }
        for path in problemOptions.problems { claims.protect(path, "it is a list of problems") }
        for path in engineOptions.commandWords { claims.protect(path, "it is part of an engine's command") }
        if let rerunFailed { claims.protect(rerunFailed, "it is the record of --rerun-failed") }
        if let baseline { claims.protect(baseline, "it is the baseline") }
        let reports = try reportOptions.open(repeatCommand: RepeatCommand(executable: CommandName.path), claims: claims)
        let known = try baseline.map { try BaselineFile.read($0).baseline }
        try known?.checkFindings(against: diagnosis ? FaultDiagnosis() : nil)
        let rerun = try rerunFailed.map { try Rerun($0) }
        let (opened, tolerance) = (
            caseOptions.suites, tolerance == .derived ? rerun?.header.tolerance ?? .derived : tolerance
        )
        // A run that is repeated is given what it was given then.
        let fresh = fresh ?? rerun?.freshSeed.map(FreshSeed.given)
        let seed = fresh?.number
        let lists = problemOptions.problems.isEmpty ? rerun?.problems ?? problemOptions : problemOptions
        let policy = truthOptions.policy(tolerance, inRecord: rerun?.header.repeatArguments ?? [])
        let listed = try lists.cases(seed: seed, policy: policy)
        let store: any CaseSource =
            try listed
            ?? caseOptions.folder.open(
                suites: opened.isEmpty ? rerun?.suites ?? [] : opened,
                memoryLimit: max(GoldenDirectory.defaultMemoryLimit, memoryLimit << 22))
        var chosen = try caseOptions.choose(from: store, includingSlow: rerun != nil)
        if let rerun {
            chosen = try rerun.select(from: chosen, of: store)
        } else if let words = caseOptions.leftOut(of: store) {
            StandardError.say(words)
        }
        let cases = try inOrder ? caseOptions.ordered(chosen) : caseOptions.part(of: chosen)
        Registered.hidden.withLock { $0 = [caseOptions.folder.golden] }
        let engines =
            try rerun.map {
                try engineOptions.start($0.engines, arithmetic: $0.header.arithmetic, judgeAs: $0.header.judgeAs)
            }
            ?? engineOptions.start()
        let source = listed == nil ? seed.map { FreshCases(store, seed: $0, policy: policy) } : nil
        var runner = Runner(engines: engines, source: source ?? store, cases: source?.renewed(cases) ?? cases)
        runner.fresh = source?.extent(of: cases) ?? seed.map { .init(seed: $0, drawn: cases.count, stored: 0) }
        runner.leftOut = listed?.leftOut ?? [:]
        runner.judge = Judge(tolerance: tolerance)
        runner.judge.projectionSeed = truthOptions.judgeSeed
        runner.layouts = layouts
        if let rerun {
            try rerun.check(engines)
            runner.layouts = .all
            runner.isChosen = rerun.contains
        }
        runner.isInOrder = inOrder
        runner.jobs = inOrder ? 1 : min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, Runner.mostJobs)
        if let jobs, jobs > Runner.mostJobs {
            StandardError.say("--jobs \(jobs): at most \(Runner.mostJobs) cases run at the same time")
        }
        if let timeout { runner.timeLimit = .fixed(.seconds(timeout)) }
        runner.note = { StandardError.say($0) }
        runner.baseline = known
        runner.baseline?.note(all: store.cases, chosen: chosen)
        runner.repeats = repeats
        runner.orderSeed = orderSeed ?? (shuffle ? UInt64.random(in: 0..<1 << 53) : nil)
        if let seed = runner.orderSeed, orderSeed == nil {
            StandardError.say("the order follows from --order-seed \(seed)")
        }
        runner.maxFailures = failFast ? 1 : maxFail
        if diagnosis { runner.diagnosis = FaultDiagnosis() }
        if history { runner.historyLimit = Runner.usualHistoryLimit }
        runner.memoryLimit = memoryLimit << 20
        runner.repeatArguments =
            repeatArguments(
                tolerance, engineOptions.arithmetic ?? rerun?.header.arithmetic,
                engineOptions.judgeAs ?? rerun?.header.judgeAs)
            + TruthOptions.arguments(policy, tolerance) + lists.arguments
            + (fresh.map { ["--fresh", $0.word] } ?? [])
        runner.tool = .init(program: CommandName.path, version: CommandName.version)
        runner.selection = caseOptions.selectionArguments + (rerunFailed.map { ["--rerun-failed", $0] } ?? [])
        runner.shard = caseOptions.shard.map { .init(index: $0.index, count: $0.count, cases: chosen.count) }
        let handler = try InterruptHandler()
        let summary = runner.run(interruption: handler.interruption) { event in
            reports.receive(event)
            observe(event)
        }
        if let most = runner.maxFailures, summary.counts.failures > most, !summary.isInterrupted {
            // The first of them ended the run; the others are what it did not come to.
            StandardError.say("\(failFast ? "--fail-fast" : "--max-fail \(most)"): the rest was not run")
        }
        try reports.close()
        return summary
    }

    private func repeatArguments(
        _ tolerance: Tolerance, _ arithmetic: Arithmetic?, _ algorithm: Capabilities.Algorithm?
    ) -> [String] {
        var arguments: [String] = []
        if caseOptions.folder.isGiven { arguments += ["--golden", caseOptions.folder.golden] }
        if repeats > 1 { arguments += ["--repeat", "\(repeats)"] }
        if tolerance != .derived { arguments += ["--tolerance", tolerance.description] }
        if let arithmetic { arguments += ["--arithmetic", arithmetic.rawValue] }
        if let algorithm { arguments += ["--judge-as", algorithm.rawValue] }
        return arguments
    }
}
