internal import Conformance
internal import Diagnosis
internal import FaultyEngines
internal import GoldenStore
internal import Reporting
internal import Synchronization

/// How well the diagnosis does on engines whose mistake is known: each fault of the bank, first as it stands, then as one
/// that the diagnosis does not know.
struct DiagnosisMeasure {
    /// The part of the faults that must be named rightly.
    private static let wanted = 0.95

    let store: GoldenDirectory
    let cases: [CaseHeader]
    let jobs: Int

    /// Prints a line for each fault that is not named alone, and the sums.
    ///
    /// - Returns: whether enough are named, and none wrongly.
    func run(_ faults: [Fault], print: (String) -> Void) throws -> Bool {
        var (named, alone, unfailing, ruled, falselyNamed) = (0, 0, 0, 0, 0)
        for fault in faults {
            guard let (findings, without) = try diagnosed(of: fault) else {
                unfailing += 1
                print("\(fault.name): fails no case")
                continue
            }
            let names = findings.first?.candidates.map(\.name) ?? []
            if names.contains(fault.name) { named += 1 }
            if names == [fault.name] { alone += 1 } else { print("\(fault.name): \(Self.text(of: findings))") }
            // What explains a part of the failures, or is said to be made only sometimes, is no false name.
            let wrong = without.first {
                !$0.candidates.isEmpty && $0.spared == 0 && 10 * $0.cases.count >= 9 * $0.allFailing
            }
            if let wrong {
                falselyNamed += 1
                print("\(fault.name), unknown: \(Self.text(of: [wrong]))")
            }
            if without.contains(where: { $0.rule != nil }) { ruled += 1 }
        }
        let count = faults.count - unfailing
        print("")
        print("\(named) of \(count) faults named, \(alone) of them alone")
        print("unknown: \(ruled) of \(count) with a rule, \(falselyNamed) named as another mistake")
        return count > 0 && Double(named) >= Self.wanted * Double(count)
    }

    /// What is found about an engine with a fault, and what where the fault and its equals are unknown; nil where it fails no
    /// case.
    private func diagnosed(of fault: Fault) throws -> (known: [Finding], unknown: [Finding])? {
        let engine = try InProcessEngine(name: fault.name) { FaultyEngine(fault) }
        var runner = Runner(engines: [engine], source: store, cases: cases)
        runner.jobs = jobs
        runner.layouts = .all
        let log = ObservationKeeper()
        runner.diagnosis = log
        if runner.run(report: { _ in }).counts.failures == 0 { return nil }
        let observations = log.observations
        func findings(unknown: Set<String>) -> [Finding] {
            FaultDiagnosis(unknown: unknown).findings(engine: fault.name, observations: observations, source: store)
        }
        let known = findings(unknown: [])
        return (known, findings(unknown: Set(known.first?.candidates.map(\.name) ?? []).union([fault.name])))
    }

    private static func text(of findings: [Finding]) -> String {
        guard let first = findings.first else { return "nothing found" }
        let names = first.candidates.isEmpty ? "no name" : first.candidates.map(\.name).joined(separator: ", ")
        let spared = first.spared > 0 ? ", \(first.spared) spared" : ""
        let others = findings.count > 1 ? ", and \(findings.count - 1) more" : ""
        return "\(names) (\(first.cases.count) of \(first.allFailing) cases\(spared)\(others))"
    }
}

/// Keeps what a run met, for more than one diagnosis of it.
private final class ObservationKeeper: FailureDiagnosis, Sendable {
    private let kept = Mutex<[Observation]>([])

    var names: [String] { [] }
    var observations: [Observation] { kept.withLock { $0 } }

    func findings(engine: String, observations: [Observation], source: any CaseSource) -> [Finding] {
        kept.withLock { $0 = observations }
        return []
    }

    func isGiven(by name: String, _ observation: Observation, source: any CaseSource) -> Bool { false }
}
