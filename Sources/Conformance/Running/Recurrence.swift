internal import Convolution

extension Runner {
    /// Asks an engine's session a case as a run does: once, and again where that is due.
    ///
    /// - Returns: the first answer with its verdict, and the verdict that stands in its place where answers differ.
    func ask(
        _ session: any EngineSession, _ trial: inout Trial, capabilities: Capabilities, in layouts: LayoutPair,
        isPreferred: Bool
    ) -> (first: Trial.Result, difference: Verdict?) {
        let first = trial.result(of: session, capabilities: capabilities, in: layouts, within: timeLimit)
        let again = Recurrence(
            repeats: repeats, isSampled: isPreferred && trial.golden.header.isAskedAgain, limit: timeLimit)
        return (first, again.verdict(on: session, &trial, after: first, capabilities: capabilities, in: layouts))
    }
}

/// Asks what has been answered again, to find answers that depend on what was asked before, or on chance.
///
/// Two answers that are right differ by no more than both their allowances. So only what is right once and wrong once is
/// told: no engine is accused that is right each time.
struct Recurrence {
    /// How often a case is asked in all.
    let repeats: Int
    /// Whether the case is of the sample that is asked again anyhow, also behind a neighbour.
    let isSampled: Bool
    let limit: TimeLimit

    /// The verdict on answers that differ; `nil` where they do not, and the first one stands.
    func verdict(
        on session: any EngineSession, _ trial: inout Trial, after first: Trial.Result, capabilities: Capabilities,
        in layouts: LayoutPair
    ) -> Verdict? {
        guard first.answer.isAnswer else { return nil }
        if let verdict = verdictOnViews(session, &trial, after: first, capabilities, layouts) { return verdict }
        for asking in 1..<max(repeats, 1) {
            if let verdict = difference(
                first, ask(session, &trial, asking, capabilities, layouts),
                "the same problem, asked for the \(asking + 1). time")
            {
                return verdict
            }
        }
        guard isSampled, first.verdict.status == .pass else { return nil }
        if repeats < 2,
            let verdict = difference(
                first, ask(session, &trial, 1, capabilities, layouts), "the same problem, asked a second time")
        {
            return verdict
        }
        guard let neighbour = trial.request(in: layouts).negated else { return nil }
        let start = ContinuousClock.now
        let answer = session.answer(to: neighbour, within: limit.duration(for: neighbour.problem))
        let other = Trial.Result(
            answer: answer, verdict: trial.verdict(on: answer.negated, capabilities: capabilities),
            seconds: (ContinuousClock.now - start).inSeconds)
        return difference(first, other, "the same problem with all signs changed")
            ?? difference(
                first, ask(session, &trial, 2, capabilities, layouts),
                "the same problem, asked again after one of the same shape")
    }

    /// The verdict on a library that takes views and answers wrongly where its tensors are some, and rightly where they
    /// are dense; `nil` where it does not.
    private func verdictOnViews(
        _ session: any EngineSession, _ trial: inout Trial, after first: Trial.Result, _ capabilities: Capabilities,
        _ layouts: LayoutPair
    ) -> Verdict? {
        guard capabilities.views, first.verdict.status == .pass, let view = trial.golden.header.view else { return nil }
        let again = ask(session, &trial, 0, capabilities, layouts, view)
        guard again.verdict.status.isFailure else { return nil }
        var verdict = again.verdict
        let words =
            switch verdict.cause {
            case .stated(let words)?, .unwritten(let words)?, .changedOperand(let words)?: words
            case .touchedOutside(let touch)?: "it \(touch)"
            default: "the answer is wrong"
            }
        verdict.cause = .wrongOnViews(view, words)
        return verdict
    }

    private func ask(
        _ session: any EngineSession, _ trial: inout Trial, _ attempt: Int, _ capabilities: Capabilities,
        _ layouts: LayoutPair, _ view: TensorView = .dense
    ) -> Trial.Result {
        var request = trial.request(in: layouts)
        (request.attempt, request.view) = (attempt, view)
        let start = ContinuousClock.now
        let answer = session.answer(to: request, within: limit.duration(for: request.problem))
        return Trial.Result(
            answer: answer, verdict: trial.verdict(on: answer, capabilities: capabilities),
            seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// The verdict where one of two answers is right and the other is wrong, as a whole or in an element.
    private func difference(_ first: Trial.Result, _ again: Trial.Result, _ what: String) -> Verdict? {
        switch (first.verdict.status, again.verdict.status) {
        case (_, .unsupported), (_, .missing): return nil
        case (.pass, .pass): return nil
        case (.fail, .fail):
            let masks = (first.verdict.comparison?.mask, again.verdict.comparison?.mask)
            guard let one = masks.0, let other = masks.1, one != other else { return nil }
            // The first answer is the one that is kept.
            var verdict = first.verdict
            verdict.cause = .answersDiffer("\(what), is wrong in other elements")
            return verdict
        case (.pass, .fail): return differs("\(what), is answered wrongly, and was answered rightly", again)
        case (.fail, .pass):
            var verdict = first.verdict
            verdict.cause = .answersDiffer("\(what), is answered rightly, and was answered wrongly")
            return verdict
        default: return again.verdict
        }
    }

    private func differs(_ words: String, _ again: Trial.Result) -> Verdict {
        var verdict = again.verdict
        verdict.status = .fail
        // What was seen to happen to memory says more.
        switch again.answer {
        case .violation: break
        default: verdict.cause = .answersDiffer(words)
        }
        return verdict
    }
}

extension CaseHeader {
    /// One case in so many is asked again; a prime.
    private static let askedAgainInterval: UInt64 = 53
    private static let mostProducts = 1e8

    /// FNV-1a of its id.
    private var hash: UInt64 {
        id.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// As what views an engine that takes some is given the case's tensors, beside dense ones: a fixed choice by its id.
    /// `nil` for a case that has no answer, or is large.
    package var view: TensorView? {
        guard expectation == .output, problem.products <= CaseHeader.mostProducts else { return nil }
        let images = problem.input[0] > 1 ? 3 : 2
        return [.paddedRows, .offset, .reversedBatch][Int(hash >> 32) % images]
    }

    /// Whether the case belongs to the sample that is asked again: a fixed choice by its id.
    package var isAskedAgain: Bool {
        expectation == .output && hash % CaseHeader.askedAgainInterval == 0
            && problem.products <= CaseHeader.mostProducts
    }
}

extension EngineRequest {
    /// The same problem with other numbers, whose answer follows: the negated one. `nil` where there are whole numbers, some
    /// of which have no negative.
    fileprivate var negated: EngineRequest? {
        guard case .floating? = problem.types.kind, let first = problem.operation.factors.first,
            let tensor = operands[first]?.negated
        else { return nil }
        var request = self
        request.operands[first] = tensor
        request.operands.bias = operands.bias?.negated
        return request
    }
}

extension EngineAnswer {
    /// Whether the engine computed something that another time it may compute otherwise.
    fileprivate var isAnswer: Bool {
        if case .output = self { true } else { false }
    }

    fileprivate var negated: EngineAnswer {
        guard case .output(let tensor, let computation) = self, let negated = tensor.negated else { return self }
        return .output(negated, computation)
    }
}

extension AnyTensor {
    /// Every number with the other sign; `nil` for whole numbers.
    fileprivate var negated: AnyTensor? { type.format == nil ? nil : perform(Negation()) }
}

private struct Negation: TensorWork {
    func on<Element: TensorElement>(_ tensor: Tensor<Element>) -> AnyTensor {
        Element.erase(tensor.map { Element(nearest: -$0.double) })
    }
}
