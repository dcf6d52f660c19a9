internal import Conformance
internal import FaultyEngines

/// Some checks of a run, smallest first, with their cases loaded when they are first asked for.
struct Trials {
    private var observations: [Observation]
    private var trials: [Check: FaultTrial] = [:]
    private let source: any CaseSource

    /// Cases with more products are not computed again.
    private static let mostProducts = 4_000_000

    init(_ observations: [Observation], from source: any CaseSource, smallest count: Int = .max) {
        // Invalid problems have no products, and few elements.
        self.observations = observations.filter { $0.products <= Self.mostProducts || $0.products == .max }
            .sorted { ($0.products, $0.header.id) < ($1.products, $1.header.id) }
        if self.observations.count > count { self.observations.removeLast(self.observations.count - count) }
        self.source = source
    }

    /// The same without the smallest so many.
    func beyond(_ count: Int) -> Trials {
        var rest = self
        rest.observations.removeFirst(min(count, rest.observations.count))
        return rest
    }

    var indices: Range<Int> { observations.indices }

    func observation(at place: Int) -> Observation { observations[place] }

    mutating func remove(_ checks: Set<Check>) {
        observations.removeAll { checks.contains(Check($0)) }
    }

    /// Whether a mistake gives the answer of a check; nil where it does not show there, or there is no answer.
    mutating func isGiven(by hypothesis: Hypothesis, at place: Int) -> Bool? {
        let observation = observations[place]
        guard let answer = observation.answer, var trial = trial(of: observation) else { return nil }
        defer { trials[Check(observation)] = trial }
        let prediction = hypothesis.predict(&trial, observation.layouts)
        switch prediction {
        case .right: return nil
        case .part: return AnswerMatch(trial.golden, precision: .float32).holds(answer, prediction)
        case .answer(let predicted, let precision):
            let match = AnswerMatch(trial.golden, precision: precision)
            if case .output(let tensor, _) = predicted, match.isBlind(tensor) { return nil }
            return trial.accuses(predicted) ? match.holds(answer, prediction) : nil
        }
    }

    /// Whether an engine with the mistake would have failed the check.
    mutating func isSpoiled(by hypothesis: Hypothesis, at place: Int) -> Bool {
        let observation = observations[place]
        guard var trial = trial(of: observation) else { return false }
        defer { trials[Check(observation)] = trial }
        switch hypothesis.predict(&trial, observation.layouts) {
        case .right: return false
        case .answer(let answer, _): return trial.accuses(answer)
        case .part: return true
        }
    }

    private mutating func trial(of observation: Observation) -> FaultTrial? {
        let check = Check(observation)
        if let known = trials[check] { return known }
        guard let golden = try? source.load(observation.header) else { return nil }
        let trial = FaultTrial(golden)
        trials[check] = trial
        return trial
    }
}
