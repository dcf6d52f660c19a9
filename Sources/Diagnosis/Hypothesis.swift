internal import Conformance
internal import Convolution
internal import FaultyEngines

/// A mistake that an engine may have made, and what it would answer then.
struct Hypothesis: Sendable {
    /// What an engine with the mistake answers to a case.
    enum Prediction {
        /// What a right engine answers.
        case right
        /// An answer whose sums were made in the given floating-point type.
        case answer(EngineAnswer, precision: ElementType)
        /// An answer of which only some elements follow from the mistake: those for which `known` is true.
        case part(AnyTensor, known: [Bool])
    }

    let candidate: Finding.Candidate
    /// Of the bank; `nil` for a mistake with the answer.
    let fault: Fault?
    /// Whether what it answers depends on what was asked before: then a single case tells nothing of it.
    let remembers: Bool
    let predict: @Sendable (inout FaultTrial, LayoutPair) -> Prediction

    /// The whole fault bank, then mistakes with the answer that no bank needs.
    static let all: [Hypothesis] = Fault.all.map(Hypothesis.init) + AnswerMistake.all.map(Hypothesis.init)

    private static let remembering = Set(Fault.remembering.map(\.name))

    init(_ fault: Fault) {
        candidate = .init(name: fault.name, summary: fault.summary, source: fault.source)
        self.fault = fault
        remembers = Self.remembering.contains(fault.name)
        predict = { trial, layouts in
            guard let spoiled = trial.spoiledAnswer(of: fault, in: layouts) else { return .right }
            return .answer(spoiled.answer, precision: spoiled.precision)
        }
    }

    init(_ mistake: AnswerMistake) {
        candidate = .init(name: mistake.name, summary: mistake.summary)
        fault = nil
        remembers = false
        predict = { trial, _ in mistake.prediction(trial.golden) }
    }
}
