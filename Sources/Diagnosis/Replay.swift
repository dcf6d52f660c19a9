internal import Conformance
internal import Convolution
internal import FaultyEngines

/// Engines that keep something from call to call, asked what the engine of a run was asked, in the same order.
///
/// A fault that depends on what was asked before is known by no single case: one that answers all of a run's failing cases
/// with the same numbers, and the passing ones rightly, has been asked them in this order. Forward convolutions in float32
/// are looked at, which these faults are of.
struct Replay {
    /// What one fault comes to.
    struct Outcome {
        let fault: Fault
        var explained: [Observation] = []
        /// Failing checks that the fault gives other answers, or right ones.
        var missed = 0
        /// Passing checks that the fault fails.
        var spared = 0

        fileprivate var isHopeless: Bool {
            let wrong = missed + spared
            return wrong >= Replay.fewestToJudge && 4 * wrong > explained.count
        }
    }

    /// So many answers that a fault does not give, and it is followed no longer where it has given few.
    private static let fewestToJudge = 8

    private struct Suspect {
        var outcome: Outcome
        var engine: FaultyEngine
    }

    /// - Parameters:
    ///   - faults: those that are not known not to be there.
    ///   - observations: of one engine.
    /// - Returns: the faults that explain most of what failed.
    static func outcomes(
        of faults: [Fault], _ observations: [Observation], from source: any CaseSource,
        until end: ContinuousClock.Instant
    ) -> [Outcome] {
        let asked = observations.filter { $0.turn != nil && $0.header.problem.isFloat32Forward }
            .sorted { $0.time < $1.time }
        // The sample that is asked again is asked so in the engine's preferred layouts, which most checks have.
        let counts = Dictionary(grouping: asked, by: \.layouts).mapValues(\.count)
        let preferred = counts.max { ($0.value, $1.key.description) < ($1.value, $0.key.description) }?.key
        var suspects = faults.map { Suspect(outcome: Outcome(fault: $0), engine: FaultyEngine($0)) }
        var instance: Int?
        for observation in asked {
            if suspects.isEmpty || ContinuousClock.now > end { return [] }
            guard let golden = try? source.load(observation.header) else { return [] }
            if observation.turn?.instance != instance {
                instance = observation.turn?.instance
                for place in suspects.indices { suspects[place].engine = FaultyEngine(suspects[place].outcome.fault) }
            }
            var call = ReplayedCall(golden, observation, isPreferred: observation.layouts == preferred)
            for place in suspects.indices {
                suspects[place].outcome.count(observation, call.result(of: suspects[place].engine))
            }
            suspects.removeAll(where: \.outcome.isHopeless)
        }
        return suspects.map(\.outcome).filter { $0.explained.count > 9 * ($0.missed + $0.spared) }
    }
}

extension Replay.Outcome {
    fileprivate mutating func count(_ observation: Observation, _ result: ReplayedCall.Result) {
        switch (observation.status, result) {
        case (.pass, .right): break
        case (.pass, _): spared += 1
        case (_, .wrong(let isSame)) where isSame: explained.append(observation)
        case (_, .differs) where observation.answer == nil: explained.append(observation)
        default: if observation.status.isFailure { missed += 1 }
        }
    }
}

/// What engines with a fault make of a check of a run, asked as the run asks.
private struct ReplayedCall {
    enum Result {
        case right
        /// The first answer is wrong, and whether it is that of the run.
        case wrong(isSame: Bool)
        /// The first answer is right, and a later one to the same problem is not.
        case differs
    }

    private let observation: Observation
    private var trial: FaultTrial
    /// The same problem with all signs changed, where it is asked again.
    private var neighbour: FaultTrial?

    init(_ golden: GoldenCase, _ observation: Observation, isPreferred: Bool) {
        self.observation = observation
        trial = FaultTrial(golden)
        if isPreferred, golden.header.isAskedAgain { neighbour = golden.negated.map { FaultTrial($0) } }
    }

    mutating func result(of engine: FaultyEngine) -> Result {
        let layouts = observation.layouts
        if let first = trial.spoiledAnswer(of: engine, in: layouts), trial.accuses(first) {
            let isSame =
                observation.answer.map {
                    AnswerMatch(trial.golden, precision: .float32).holds($0, .answer(first, precision: .float32))
                } ?? false
            return .wrong(isSame: isSame)
        }
        guard var neighbour else { return .right }
        defer { self.neighbour = neighbour }
        func isRight(_ trial: inout FaultTrial) -> Bool {
            trial.spoiledAnswer(of: engine, in: layouts).map { !trial.accuses($0) } ?? true
        }
        // As ``Runner`` asks the sample of cases that it asks again.
        return isRight(&trial) && isRight(&neighbour) && isRight(&trial) ? .right : .differs
    }
}

extension Observation {
    /// By the instance that was asked, then by when.
    fileprivate var time: (Int, Int) { (turn?.instance ?? 0, turn?.place ?? 0) }
}

extension GoldenCase {
    /// The same with all signs changed, of a forward convolution in float32.
    fileprivate var negated: GoldenCase? {
        guard let (input, filter, bias) = operands.float32, var output else { return nil }
        output.expected = output.expected.map { -$0 }
        output.alternatives = nil
        var negated = self
        negated.operands = Operands(input: input.map { -$0 }, filter: filter, bias: bias.map { $0.map { -$0 } })
        negated.output = output
        return negated
    }
}
