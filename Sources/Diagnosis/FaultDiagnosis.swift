public import Conformance
internal import Convolution
internal import FaultyEngines

/// Names the mistakes behind the failures of an engine, and says where they happen.
///
/// The smallest failing answers are compared with what each known mistake gives on the same case. A mistake that gives one
/// of them is tried on all the others, and on passing cases, which it must leave right. What it explains is set aside, and
/// the search goes on with the rest.
public struct FaultDiagnosis: FailureDiagnosis {
    /// How many of the smallest unexplained answers every known mistake is tried on.
    private static let probes = 4
    /// The same of pairs of mistakes, which are many.
    private static let pairProbes = 2
    /// How many failures a pair has to explain: with so many to choose from, one fits a single answer by chance.
    private static let fewestOfPair = 3
    /// How many of the smallest answers, and of the smallest passing cases, a mistake that gives one answer is tried on.
    private static let mostTried = 300
    private static let mostFindings = 6
    /// The same of a mistake that depends on what was asked before.
    private static let fewestOfMemory = 2
    /// How many of the mistakes found are tried together with others.
    private static let mostPaired = 2

    /// How long the search may take for one engine; what is found until then is told.
    public var timeLimit = Duration.seconds(20)

    private let hypotheses: [Hypothesis]

    /// - Parameter unknown: names of mistakes that are taken for unknown, to see what is said of an engine that makes one.
    public init(unknown: Set<String> = []) {
        hypotheses = Hypothesis.all.filter { !unknown.contains($0.candidate.name) }
    }

    public var names: [String] { hypotheses.map(\.candidate.name) }

    public func isGiven(by name: String, _ observation: Observation, source: any CaseSource) -> Bool {
        guard let hypothesis = hypothesis(named: name) else { return false }
        var trials = Trials([observation], from: source)
        return !trials.indices.isEmpty && trials.isGiven(by: hypothesis, at: 0) == true
    }

    /// A mistake, or two of the bank with `+` between them.
    private func hypothesis(named name: String) -> Hypothesis? {
        if let known = hypotheses.first(where: { $0.candidate.name == name }) { return known }
        let faults = name.split(separator: "+").compactMap { Fault.named(String($0)) }
        return faults.count == 2 ? Hypothesis(faults[0].and(faults[1])) : nil
    }

    public func findings(engine: String, observations: [Observation], source: any CaseSource) -> [Finding] {
        let end = ContinuousClock.now + timeLimit
        let failing = observations.filter { $0.status.isFailure && $0.status != .missing }
        let passing = observations.filter { $0.status == .pass }
        let subjects = Subjects(observations)
        var unexplained = Trials(failing, from: source, smallest: Self.mostTried)
        var others = Trials(failing, from: source).beyond(Self.mostTried)
        var quiet = Trials(passing, from: source, smallest: Self.mostTried)
        let failingCount = Set(failing.map(\.header.id)).count
        var findings: [Finding] = []
        var explained: Set<Check> = []

        func finding(_ candidates: [Finding.Candidate], of observations: [Observation], spared: Int) -> Finding {
            let rule = subjects.rule(failing: observations, passing: passing)
            // A name that nothing speaks against says what the answers look like.
            let answers =
                candidates.isEmpty || spared > 0
                ? WrongAnswerSearch(observations, passing: passing, from: source).found() : nil
            let ids = observations.map(\.header.id)
            let smallest = observations.min { $0.products < $1.products }?.header.id ?? ""
            var seen: Set<String> = []
            return Finding(
                engine: engine, candidates: candidates, cases: ids.filter { seen.insert($0).inserted },
                allFailing: failingCount,
                smallest: smallest, spared: spared, rule: rule, answers: answers)
        }

        var explanations: [Explanation] = []
        let memoryless = hypotheses.filter { !$0.remembers }
        // Each mistake alone, then together with one that was found: where both are made at once, the answer is another.
        while findings.count < Self.mostFindings, ContinuousClock.now < end {
            var best = best(
                of: memoryless, probing: Self.probes, explaining: 1, among: &unexplained, sparing: &quiet, until: end)
            // What an engine remembers from call to call looks like many mistakes, made now and then.
            if findings.isEmpty, best?.isWhole(among: unexplained.indices.count) != true {
                best = replayed(observations, source, until: end) ?? best
            }
            let found =
                best
                ?? self.best(
                    of: pairs(of: explanations), probing: Self.pairProbes, explaining: Self.fewestOfPair,
                    among: &unexplained, sparing: &quiet, until: end)
            guard let found else { break }
            explanations.append(found)
            var checks = Set(found.explained.map(Check.init))
            for place in others.indices where ContinuousClock.now < end && !found.hypotheses[0].remembers {
                if others.isGiven(by: found.hypotheses[0], at: place) == true {
                    checks.insert(Check(others.observation(at: place)))
                }
            }
            explained.formUnion(checks)
            // In the order of the run.
            let ordered = failing.filter { checks.contains(Check($0)) }
            findings.append(finding(found.hypotheses.map(\.candidate), of: ordered, spared: found.spared))
            unexplained.remove(explained)
            others.remove(explained)
        }
        // What was not computed again says nothing against a mistake that explains all the rest.
        let rest = failing.filter { !explained.contains(Check($0)) }
        if findings.isEmpty || !unexplained.indices.isEmpty {
            let unnamed = finding([], of: rest, spared: 0)
            if unnamed.rule != nil || findings.isEmpty && unnamed.answers != nil { findings.append(unnamed) }
        }
        // Names of a few failures, and such as passing cases speak against, may be chance: what all failures have in common is
        // said, too.
        let largest = findings.map(\.cases.count).max() ?? 0
        let isSpared = explanations.contains { $0.spared > 0 }
        let isDoubtful = 2 * largest < failingCount || isSpared && !unexplained.indices.isEmpty
        if isDoubtful, !explanations.isEmpty, 10 * largest < 9 * failingCount {
            let all = finding([], of: failing, spared: 0)
            if all.rule != nil { findings.append(all) }
        }
        return findings
    }

    /// The mistakes of engines that remember what they were asked which explain nearly all failures.
    private func replayed(
        _ observations: [Observation], _ source: any CaseSource, until end: ContinuousClock.Instant
    ) -> Explanation? {
        let faults = hypotheses.filter(\.remembers).compactMap(\.fault)
        let outcomes = Replay.outcomes(of: faults, observations, from: source, until: end)
        let explanations = outcomes.filter { $0.explained.count >= Self.fewestOfMemory }.map {
            Explanation(
                hypotheses: [Hypothesis($0.fault)], explained: $0.explained, missed: $0.missed, spared: $0.spared)
        }
        return Self.best(among: explanations)
    }

    /// The best of some, with all that are as good.
    private static func best(among explanations: [Explanation]) -> Explanation? {
        var best: Explanation?
        for found in explanations {
            guard let known = best else {
                best = found
                continue
            }
            if found.isBetter(than: known) {
                best = found
            } else if found.isEqual(to: known) {
                best?.hypotheses += found.hypotheses
            }
        }
        return best
    }

    /// Mistakes that explain the same failures.
    private struct Explanation {
        var hypotheses: [Hypothesis]
        var explained: [Observation]
        /// Answers that the mistakes should have given, and that are others.
        var missed: Int
        var spared: Int

        /// Whether it explains so many failures as there are, and nothing that was tried speaks against it.
        func isWhole(among failures: Int) -> Bool { explained.count == failures && missed == 0 && spared == 0 }

        /// Whether it is the better one: it explains clearly more failures, or about as many with fewer exceptions.
        func isBetter(than other: Explanation) -> Bool {
            if 10 * explained.count < 9 * other.explained.count { return false }
            if 9 * explained.count > 10 * other.explained.count { return true }
            return (-missed - spared, explained.count) > (-other.missed - other.spared, other.explained.count)
        }

        /// Whether the failures do not tell one from the other.
        func isEqual(to other: Explanation) -> Bool {
            (missed, spared) == (other.missed, other.spared)
                && explained.map(Check.init) == other.explained.map(Check.init)
        }
    }

    /// Each mistake of the bank that was found, made at once with each other of the bank: where the first shows everywhere,
    /// the second is never met alone.
    private func pairs(of found: [Explanation]) -> [Hypothesis] {
        let singles = found.compactMap { $0.hypotheses.compactMap(\.fault).first { Fault.named($0.name) != nil } }
        return singles.prefix(Self.mostPaired).flatMap { first in
            hypotheses.compactMap(\.fault).filter { $0.name != first.name }.map { Hypothesis(first.and($0)) }
        }
    }

    private func best(
        of hypotheses: [Hypothesis], probing count: Int, explaining fewest: Int, among failures: inout Trials,
        sparing quiet: inout Trials,
        until end: ContinuousClock.Instant
    ) -> Explanation? {
        var suspects: [Int] = []
        for place in failures.indices.prefix(count) {
            for (number, hypothesis) in hypotheses.enumerated() where !suspects.contains(number) {
                if failures.isGiven(by: hypothesis, at: place) == true { suspects.append(number) }
            }
        }
        var explanations: [Explanation] = []
        for number in suspects {
            if ContinuousClock.now > end { break }
            let hypothesis = hypotheses[number]
            var explained: [Observation] = []
            var missed = 0
            for place in failures.indices {
                switch failures.isGiven(by: hypothesis, at: place) {
                case true?: explained.append(failures.observation(at: place))
                case false?: missed += 1
                case nil: break
                }
            }
            // What is met by chance, because two mistakes come to the same in a few cases, is no explanation.
            if missed > 3 * explained.count || explained.count < fewest { continue }
            var spared = 0
            for place in quiet.indices where quiet.isSpoiled(by: hypothesis, at: place) { spared += 1 }
            // A mistake that is made only sometimes has to explain most of what there is.
            if spared > 0, 2 * explained.count < failures.indices.count { continue }
            explanations.append(
                Explanation(hypotheses: [hypothesis], explained: explained, missed: missed, spared: spared))
        }
        return Self.best(among: explanations)
    }
}

/// The checks of a run as rules speak of them.
private struct Subjects {
    private let subjects: [Check: CaseSubject]

    init(_ observations: [Observation]) {
        let all = CasePast.added(to: observations.map(CaseSubject.init), observations)
        subjects = Dictionary(zip(observations.map(Check.init), all)) { first, _ in first }
    }

    /// What tells failing checks from passing ones; where nothing in their cases does, what they were asked after.
    func rule(failing: [Observation], passing: [Observation]) -> Rule? {
        let failing = failing.compactMap { subjects[Check($0)] }
        let passing = passing.compactMap { subjects[Check($0)] }
        return RuleSearch(.ofCases, failing: failing, passing: passing).rule()
            ?? RuleSearch(.ofCases + .ofPasts, failing: failing, passing: passing).rule()
    }
}

/// One check of a run: a case in a layout.
struct Check: Hashable {
    private let id: String
    private let layouts: LayoutPair

    init(_ observation: Observation) {
        id = observation.header.id
        layouts = observation.layouts
    }
}

extension Observation {
    /// Products of the whole output; the most there can be for what has none.
    var products: Int {
        guard let geometry = try? header.problem.geometry() else { return .max }
        let (products, overflow) = geometry.productsPerOutput.multipliedReportingOverflow(
            by: geometry.outputShape.count)
        return overflow ? .max : products
    }
}
