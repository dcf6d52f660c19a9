public import Convolution
internal import Dispatch
internal import Synchronization

/// Gives golden cases to engines, judges what they answer, and tells of it in a fixed order.
public struct Runner: Sendable {
    public var engines: [any EngineUnderTest]
    public var source: any CaseSource
    /// The selected cases, a part of those of `source`.
    public var cases: [CaseHeader]
    public var judge = Judge()
    public var layouts = LayoutSelection.sample
    /// Which checks of the cases are run: by engine, case and layouts.
    public var isChosen: @Sendable (_ engine: String, CaseHeader, LayoutPair) -> Bool = { _, _, _ in true }
    /// How many cases run at the same time, at most ``mostJobs``.
    public var jobs = 1
    /// What the order follows from in which engines meet the cases; that of the plan where there is none. Results are told
    /// in the order of the plan in any case.
    public var orderSeed: UInt64?
    /// Whether engines meet the cases exactly in the order of ``cases``, from the first on; otherwise each begins with a case in
    /// which a wrong first answer shows.
    public var isInOrder = false
    /// How often each case is asked: more than once to find answers that differ between runs.
    public var repeats = 1
    /// How long an engine may take for one case.
    public var timeLimit = TimeLimit.byWork
    /// After this many failures the rest is not run; `nil` for no limit.
    public var maxFailures: Int?
    /// A case whose tensors need more bytes is not run; that is reported as unsupported.
    public var memoryLimit = 1 << 30
    /// Looks at the failures when all has been run; `nil` for no diagnosis.
    public var diagnosis: (any FailureDiagnosis)?
    /// How long the smallest case of each kind of failure of an engine is asked again in fresh processes, to see whether it
    /// fails by itself; `nil` for not at all. Only where there is a ``diagnosis``.
    public var historyLimit: Duration?
    /// Takes what is worth knowing of the run itself, a sentence each, from any thread.
    public var note: @Sendable (String) -> Void = { _ in }
    /// What the header of the run says besides: see ``RunHeader``.
    public var tool = RunHeader.Tool()
    public var repeatArguments: [String] = []
    public var selection: [String] = []
    public var shard: RunHeader.Shard?
    /// How many problems of its lists the run leaves out, since they are not ours, by the reason.
    public var leftOut: [String: Int] = [:]
    /// What is drawn for the run, which its summary tells.
    public var fresh: RunSummary.FreshData?
    /// The failures that are known, and do not make the run fail.
    public var baseline: Baseline?

    /// The most cases that run at the same time, whatever ``jobs`` says.
    public static let mostJobs = 1024
    /// What is usual for ``historyLimit``.
    public static let usualHistoryLimit = Duration.seconds(20)
    /// How long an interrupted run waits for what is about to end.
    private static let lastWait = Duration.milliseconds(300)

    public init(engines: [any EngineUnderTest], source: any CaseSource, cases: [CaseHeader]) {
        self.engines = engines
        self.source = source
        self.cases = cases
    }

    /// Runs everything; `report` is called on this thread, in the order of the plan, whatever finishes first.
    ///
    /// - Parameter interruption: once it is requested, what has not ended within a moment is reported as missing. An
    ///   engine that hangs then is left behind, and ends with this process.
    @discardableResult
    public func run(interruption: Interruption = Interruption(), report: (Event) -> Void) -> RunSummary {
        let start = ContinuousClock.now
        let plan = RunPlan(
            engines: engines, cases: cases, selection: layouts, memoryLimit: memoryLimit, isChosen: isChosen)
        let header = header(plan)
        var use = baseline.map { BaselineUse($0, header: header) }
        report(.started(header))
        let stop = Interruption()
        let outcomes = OrderedMailbox<Outcome>()
        let pool = WorkerPool(runner: self, plan: plan, interruption: interruption, stop: stop, outcomes: outcomes)
        pool.start()
        var summary = RunSummary()
        var log = ObservationLog()
        var selections = engines.map { _ in AnswerSelection() }
        var end: ContinuousClock.Instant?
        let isOver = {
            guard interruption.isRequested else { return false }
            end = end ?? .now + Runner.lastWait
            return end.map { .now >= $0 } ?? false
        }
        for (place, item) in plan.items.enumerated() {
            var outcome =
                outcomes.take(place, unless: isOver) ?? Outcome(missing: .interrupted(isBegun: true))
            if let maxFailures, summary.counts.failures >= maxFailures {
                stop.request()
                outcome = Outcome(missing: .failureLimit(maxFailures))
            }
            if let damage = outcome.damage { summary.damage.append(damage) }
            let kept = outcome.kept.flatMap { selections[item.engine].keeps($0, to: item.header) ? $0 : nil }
            var result = CaseResult(
                engine: engines[item.engine].name, header: item.header, layouts: item.layouts,
                isPreferredLayout: item.isPreferredLayout, verdict: outcome.verdict, seconds: outcome.seconds,
                answer: kept, turn: outcome.turn)
            let verdict =
                use?.verdict(on: result) { name in
                    let observation = Observation(
                        header: item.header, layouts: item.layouts, status: result.status, answer: outcome.answer)
                    return diagnosis?.isGiven(by: name, observation, source: source) ?? false
                } ?? result.verdict
            // What is known needs no diagnosis, and is no pass either; but the engine has been asked it.
            let isKnown = verdict.status == .xfail
            if isKnown { result.verdict = verdict }
            if diagnosis != nil { log.note(result, answer: isKnown ? nil : outcome.answer) }
            result.verdict = verdict
            use?.note(result)
            summary.count(result)
            report(.finished(result))
        }
        summary.unmatched = use?.unmatched ?? []
        summary.fresh = fresh
        summary.isInterrupted = interruption.isRequested
        if !summary.isInterrupted { pool.wait() }
        if let shortage = pool.shortage {
            summary.shortage = shortage.description
            note("the run could not be completed, because the host ran short: \(shortage)")
        }
        summary.seconds = (ContinuousClock.now - start).inSeconds
        if let diagnosis, !summary.isInterrupted {
            for (engine, observations) in log.failing(of: engines.map(\.name)) {
                let found = diagnosis.findings(engine: engine, observations: observations, source: source)
                for finding in withHistories(found, of: engine, observations, interruption: interruption) {
                    report(.found(finding))
                }
            }
        }
        report(.ended(summary))
        return summary
    }

    private func header(_ plan: RunPlan) -> RunHeader {
        var suites: [RunHeader.Suite] = []
        for header in cases {
            if let place = suites.firstIndex(where: { $0.name == header.suite }) {
                suites[place].cases += 1
            } else {
                let digest = source.digest(ofSuite: header.suite)
                suites.append(RunHeader.Suite(name: header.suite, cases: 1, digest: digest))
            }
        }
        var header = RunHeader(
            engines: engines.map(RunHeader.EngineIdentity.init),
            suites: suites, planned: plan.items.count, suiteDigest: source.digest, tolerance: judge.tolerance,
            repeatArguments: repeatArguments)
        header.tool = tool
        header.orderSeed = orderSeed
        header.repeats = repeats
        header.layouts = layouts
        header.selection = selection
        header.shard = shard
        header.leftOut = leftOut
        header.baseline = baseline
        return header
    }
}

/// A request to stop, which any thread may make and any thread may see.
public final class Interruption: Sendable {
    private let flag = Atomic(false)

    public init() {}

    public var isRequested: Bool { flag.load(ordering: .relaxed) }

    public func request() {
        flag.store(true, ordering: .relaxed)
    }
}
