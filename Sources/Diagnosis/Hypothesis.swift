internal import Conformance
internal import Convolution
internal import FaultyEngines

/// A mistake that an engine may have made, and what it would answer then.
struct Hypothesis: Sendable {
    /// What an engine with the mistake answers to a case.
    enum Prediction {
        /// What a right engine answers.
        case right
        case answer(EngineAnswer)
        /// An output of which only some elements follow from the mistake: those for which `known` is true.
        case part(Tensor<Float>, known: [Bool])
    }

    let candidate: Finding.Candidate
    let predict: @Sendable (inout FaultTrial, LayoutPair) -> Prediction

    /// The whole fault bank, then mistakes with the answer that no bank needs.
    static let all: [Hypothesis] = Fault.all.map(Hypothesis.init) + AnswerMistake.all.map(Hypothesis.init)

    init(_ fault: Fault) {
        candidate = .init(name: fault.name, summary: fault.summary, source: fault.source)
        predict = { trial, layouts in
            trial.spoiledAnswer(of: fault, in: layouts).map { .answer($0) } ?? .right
        }
    }

    init(_ mistake: AnswerMistake) {
        candidate = .init(name: mistake.name, summary: mistake.summary)
        predict = { trial, _ in mistake.prediction(trial.golden) }
    }
}
