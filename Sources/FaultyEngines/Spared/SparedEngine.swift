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
    /// - Throws: what `source` throws for damaged data.
    public static func measure(
        _ engines: [any EngineUnderTest], on source: any CaseSource, cases: [CaseHeader], jobs: Int = 1
    ) throws -> [SparedEngine] {
        var spared = engines.map { SparedEngine(name: $0.name) }
        for first in stride(from: 0, to: cases.count, by: casesAtOnce) {
            let loaded = CaseList(try cases[first..<min(first + casesAtOnce, cases.count)].map(source.load))
            var runner = Runner(engines: engines, source: loaded, cases: loaded.cases)
            runner.jobs = jobs
            runner.run { event in
                guard case .finished(let result) = event else { return }
                guard let place = spared.firstIndex(where: { $0.name == result.engine }) else { return }
                spared[place].add(result)
            }
        }
        return spared
    }

    /// How many cases are held in memory.
    private static let casesAtOnce = 64

    private mutating func add(_ result: CaseResult) {
        let id = result.header.id
        switch result.status {
        case .unsupported: return
        case .pass:
            executed += 1
            let ratio = result.verdict.comparison?.ratio ?? 0
            if ratio > greatestRatio.ratio { greatestRatio = KillMatrix.CaughtRatio(ratio: ratio, caseID: id) }
        default:
            executed += 1
            accusations.append((id, result.verdict))
        }
    }
}
