public import Conformance

/// How near a right engine came to being accused.
public struct SparedEngine: Sendable {
    public let name: String
    /// In how many cases it was put to the test.
    public private(set) var executed = 0
    /// The largest error over allowance in a case that it passed, below or at 1.
    public private(set) var greatestRatio = KillMatrix.CaughtRatio(ratio: 0, caseID: "")
    /// Cases that it did not pass though it was put to the test: an accusation of a right engine.
    public private(set) var accusations: [(caseID: String, verdict: Verdict)] = []

    /// Runs right engines on cases, in every layout of the usual sample.
    ///
    /// A case is loaded once for all engines.
    ///
    /// - Throws: what `source` throws for damaged data, and an error where an engine cannot be started.
    public static func measure(
        _ engines: [any EngineUnderTest], on source: any CaseSource, cases: [CaseHeader], jobs: Int = 1
    ) throws -> [SparedEngine] {
        let runs = (cases.count + casesPerSession - 1) / casesPerSession
        let parts = try orderedMap(runs, jobs: jobs) { run in
            let first = run * casesPerSession
            var spared = engines.map { SparedEngine(name: $0.name) }
            let sessions = try engines.map { try $0.openSession() }
            for header in cases[first..<min(first + casesPerSession, cases.count)] {
                var trial = Trial(try source.load(header))
                for (place, engine) in engines.enumerated() {
                    spared[place].add(&trial, of: sessions[place], declaring: engine.capabilities)
                }
            }
            return spared
        }
        return parts.reduce(into: engines.map { SparedEngine(name: $0.name) }) { sum, part in
            for place in sum.indices { sum[place].add(part[place]) }
        }
    }

    /// How many cases, in order, one session of each engine works through.
    private static let casesPerSession = 64

    /// Gives a case to the engine, in each of its layouts.
    private mutating func add(_ trial: inout Trial, of session: any EngineSession, declaring capabilities: Capabilities)
    {
        let header = trial.golden.header
        if capabilities.obstacle(to: header.problem) != nil { return }
        for layouts in LayoutSelection.sample.layouts(of: capabilities, for: header) {
            let verdict = trial.result(of: session, capabilities: capabilities, in: layouts).verdict
            if verdict.status == .unsupported { continue }
            executed += 1
            if verdict.status == .pass {
                let ratio = verdict.comparison?.ratio ?? 0
                if ratio > greatestRatio.ratio {
                    greatestRatio = KillMatrix.CaughtRatio(ratio: ratio, caseID: header.id)
                }
            } else {
                accusations.append((header.id, verdict))
            }
        }
    }

    /// Adds what came of further cases.
    private mutating func add(_ other: SparedEngine) {
        executed += other.executed
        if other.greatestRatio.ratio > greatestRatio.ratio { greatestRatio = other.greatestRatio }
        accusations += other.accusations
    }
}
