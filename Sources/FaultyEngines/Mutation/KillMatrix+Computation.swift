public import Conformance
internal import Convolution
internal import Synchronization

extension KillMatrix {
    /// Runs every fault on every case.
    ///
    /// A case is loaded once for all faults. Cases are dealt out in fixed runs of ``casesPerSession``, each with fresh
    /// engines, so that faults which remember earlier calls come out the same whatever the number of jobs. Each set of
    /// engines begins as a worker of a run does, with an ordinary case: what goes wrong in a first call shows there, and
    /// in each of the runs, as it would with as many workers.
    ///
    /// - Parameters:
    ///   - source: where the cases come from.
    ///   - cases: the selected cases, a part of those of `source`; all, where none are given.
    ///   - jobs: how many threads work.
    ///   - productLimit: cases with more products than this are skipped, and listed in ``skipped``.
    ///   - report: called with the number of cases done, from any thread.
    /// - Throws: what `source` throws for damaged data.
    public init(
        of faults: [Fault] = Fault.all, on source: any CaseSource, cases: [CaseHeader]? = nil,
        judge: Judge = Judge(), jobs: Int = 1, productLimit: Int = 50_000_000,
        report: @escaping @Sendable (_ done: Int) -> Void = { _ in }
    ) throws {
        self.init(faults: faults)
        var selected: [CaseHeader] = []
        for header in cases ?? source.cases {
            if header.problem.products > Double(productLimit) {
                skipped.append(header)
            } else {
                selected.append(header)
            }
        }
        let cases = selected
        let done = Atomic(0)
        let sessions = (cases.count + KillMatrix.casesPerSession - 1) / KillMatrix.casesPerSession
        let outcomes = try orderedMap(sessions, jobs: jobs) { session in
            let first = session * KillMatrix.casesPerSession
            let run = Array(first..<min(first + KillMatrix.casesPerSession, cases.count))
            let engines = faults.map(FaultyEngine.init)
            let opening = run.first { cases[$0].isOrdinary }
            var outcomes: [Int: FaultOutcome] = [:]
            for place in (opening.map { [$0] } ?? []) + run.filter({ $0 != opening }) {
                outcomes[place] = try FaultOutcome(cases[place], of: source, engines: engines, judge: judge)
                report(done.add(1, ordering: .relaxed).newValue)
            }
            return run.compactMap { outcomes[$0] }
        }
        for outcome in outcomes.joined() { add(outcome) }
    }

    /// How many cases, in order, one set of engines works through.
    static let casesPerSession = 64

    private mutating func add(_ outcome: FaultOutcome) {
        let header = outcome.header
        if let place = suites.firstIndex(where: { $0.name == header.suite }) {
            suites[place].cases += 1
        } else {
            suites.append(Suite(name: header.suite, cases: 1))
        }
        if let alarm = outcome.falseAlarm {
            falseAlarms.append(alarm)
            return
        }
        for (place, finding) in outcome.findings.enumerated() where finding.isShown {
            rows[place].shown += 1
            if finding.isReported { rows[place].reported += 1 }
            guard finding.isKilled else { continue }
            rows[place].kills[header.suite, default: 0] += 1
            guard let ratio = finding.ratio else { continue }
            let caught = CaughtRatio(ratio: ratio, caseID: header.id)
            if ratio < rows[place].leastRatio?.ratio ?? .infinity { rows[place].leastRatio = caught }
            if ratio > rows[place].greatestRatio?.ratio ?? 0 { rows[place].greatestRatio = caught }
        }
        trials.append(
            Trial(header: header, kills: outcome.findings.indices.filter { outcome.findings[$0].isKilled }))
    }
}

extension CaseHeader {
    /// Whether a run may begin with it: a valid problem with an output, and numbers that are all finite.
    fileprivate var isOrdinary: Bool {
        guard expectation == .output, data != .special, let geometry = try? problem.geometry() else { return false }
        return geometry.productsPerOutput > 0 && geometry.outputShape.count > 0
    }
}

/// What all faults come to on a case.
private struct FaultOutcome: Sendable {
    let header: CaseHeader
    var falseAlarm: KillMatrix.FalseAlarm?
    /// In the order of the faults.
    var findings: [FaultTrial.Finding] = []

    init(_ header: CaseHeader, of source: any CaseSource, engines: [FaultyEngine], judge: Judge) throws {
        self.header = header
        var trial = FaultTrial(try source.load(header), judge: judge)
        func layouts(_ engine: FaultyEngine) -> [LayoutPair] {
            LayoutSelection.sample.layouts(of: engine.capabilities, for: header)
        }
        falseAlarm = trial.falseAlarm(in: layouts(FaultyEngine(nil)))
        if falseAlarm != nil { return }
        findings = engines.map { engine in
            // What an engine does not declare it is never given.
            engine.capabilities.obstacle(to: header.problem) == nil
                ? trial.finding(of: engine, in: layouts(engine)) : FaultTrial.Finding()
        }
    }
}
