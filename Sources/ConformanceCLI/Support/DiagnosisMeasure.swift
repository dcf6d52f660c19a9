internal import Conformance
internal import Diagnosis
internal import FaultyEngines
internal import GoldenStore
internal import Reporting
internal import Synchronization

/// How well the diagnosis does on engines whose mistake is known: each fault of the bank, first as it stands, then as one
/// that the diagnosis does not know.
struct DiagnosisMeasure {
    /// The part of the faults that must be named rightly, and of which a rule must say what is responsible.
    private static let (wanted, wantedRules) = (0.95, 0.9)

    /// The part of the answers in which a mistake may differ from another that it is taken for.
    private static let mostOtherBits = 0.01

    let store: GoldenDirectory
    let cases: [CaseHeader]
    let jobs: Int

    /// Prints a line for each fault that is not named alone, or of which nothing says what is responsible where it is
    /// unknown, and the sums.
    ///
    /// - Returns: whether enough are named, and located, and none wrongly.
    func run(_ faults: [Fault], print: (String) -> Void) throws -> Bool {
        var (named, alone, unfailing, falselyNamed) = (0, 0, 0, 0)
        var (ruled, partly, wholly) = (0, 0, 0)
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
            if let wrong, try !haveSameBits(fault, wrong) {
                falselyNamed += 1
                print("\(fault.name), unknown: \(Self.text(of: [wrong]))")
            }
            let located = LocatedParameters(without)
            if located.hasRule { ruled += 1 }
            if located.isPartOf(fault.responsible) { partly += 1 }
            if located.areAll(fault.responsible) {
                wholly += 1
            } else {
                print(
                    "\(fault.name), unknown: \(located.text), responsible: \(LocatedParameters.text(fault.responsible))"
                )
            }
        }
        let count = faults.count - unfailing
        print("")
        print("\(named) of \(count) faults named, \(alone) of them alone")
        print(
            "unknown: of \(wholly) of \(count) everything that is responsible is told, of \(partly) something; \(ruled) have a "
                + "rule, \(falselyNamed) are named as another mistake")
        return count > 0 && Double(named) >= Self.wanted * Double(count)
            && Double(wholly) >= Self.wantedRules * Double(count) && falselyNamed == 0
    }

    /// What is found about an engine with a fault, and what where the fault and its equals are unknown; nil where it fails no
    /// case.
    private func diagnosed(of fault: Fault) throws -> (known: [Finding], unknown: [Finding])? {
        let engine = SeparateEngine(try InProcessEngine(name: fault.name) { FaultyEngine(fault) })
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
        let unknown = findings(unknown: Set(known.first?.candidates.map(\.name) ?? []).union([fault.name]))
        // Of the others nothing is learned by asking again.
        guard fault.responsible.contains(where: { $0.contains(.order) }) else { return (known, unknown) }
        runner.historyLimit = Runner.usualHistoryLimit
        return (known, runner.withHistories(unknown, of: fault.name, observations))
    }

    /// Whether a mistake that explains the failures of another answers nearly all of them with the same bits: then next to
    /// nothing tells one from the other, and its name is as right.
    private func haveSameBits(_ fault: Fault, _ finding: Finding) throws -> Bool {
        guard let name = finding.candidates.first?.name, let other = Fault.named(name) else { return false }
        let headers = Dictionary(cases.map { ($0.id, $0) }) { first, _ in first }
        let pairs = FaultyEngine(fault).capabilities.layouts
        var others = 0
        for header in finding.cases.compactMap({ headers[$0] }) {
            var trial = FaultTrial(try store.load(header))
            let areSame = pairs.allSatisfy { pair in
                guard let one = trial.spoiledAnswer(of: fault, in: pair), trial.accuses(one.answer) else { return true }
                return trial.spoiledAnswer(of: other, in: pair)?.answer.isSame(as: one.answer) ?? false
            }
            if !areSame { others += 1 }
        }
        return Double(others) <= Self.mostOtherBits * Double(finding.cases.count)
    }

    private static func text(of findings: [Finding]) -> String {
        guard let first = findings.first else { return "nothing found" }
        let names = first.candidates.isEmpty ? "no name" : first.candidates.map(\.name).joined(separator: ", ")
        let spared = first.spared > 0 ? ", \(first.spared) spared" : ""
        let others = findings.count > 1 ? ", and \(findings.count - 1) more" : ""
        return "\(names) (\(first.cases.count) of \(first.allFailing) cases\(spared)\(others))"
    }
}

/// An engine of this process whose instances keep nothing of each other, as those of others do by being processes.
private struct SeparateEngine: EngineUnderTest {
    private let engine: InProcessEngine

    init(_ engine: InProcessEngine) { self.engine = engine }

    var name: String { engine.name }
    var version: String { engine.version }
    var capabilities: Capabilities { engine.capabilities }
    var specification: String { engine.specification }
    var hasOwnProcess: Bool { true }

    func openSession() throws(EngineStartError) -> any EngineSession { try engine.openSession() }
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
