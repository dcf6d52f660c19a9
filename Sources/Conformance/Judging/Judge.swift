internal import Convolution

/// Turns an engine's answer to a golden case into a verdict.
public struct Judge: Sendable {
    public var tolerance: Tolerance
    /// What the vectors and the sample of a ``Projection`` follow from; `nil` for another seed of the system's for every answer,
    /// drawn when it has been given.
    public var projectionSeed: UInt64?
    /// Whether of a wrong answer it is enough to say that it is wrong, and its largest error over what is allowed: not how many
    /// elements are, and where.
    public var isBrief = false

    public init(tolerance: Tolerance = .derived) {
        self.tolerance = tolerance
    }

    /// The verdict on an answer of an engine with the given capabilities.
    public func verdict(on answer: EngineAnswer, to golden: GoldenCase, capabilities: Capabilities) -> Verdict {
        switch (answer, golden.isAnswered ? golden : nil) {
        case (.unsupported(let reason), _): Verdict(.unsupported, reason: reason)
        case (.error(let reason), _): Verdict(.error, reason: reason)
        case (.violation(let cause), _): Verdict(.fail, cause)
        case (.crash(let reason), _): Verdict(.crash, reason: reason)
        case (.timeout(let reason), _): Verdict(.timeout, reason: reason)
        case (.rejected, nil), (.refused, nil): Verdict(.pass, remark: golden.remark("refused"))
        case (.rejected(let reason), _?): rejection(reason, of: golden)
        case (.refused(let reason), _?): Verdict(.unsupported, .refused(reason))
        case (.output(let got, _), nil): unexpected(got, to: golden)
        case (.output(let got, let computation), _?):
            compare(got, with: golden, by: computation, capabilities: capabilities)
        }
    }

    /// The verdict on an engine that rejects a valid problem.
    ///
    /// Some libraries take no tensor without elements, and say so. That is a limit, not a wrong answer.
    private func rejection(_ reason: String, of golden: GoldenCase) -> Verdict {
        let problem = golden.header.problem
        let shapes = [problem.input, problem.filter] + (golden.output.map { [$0.expected.shape] } ?? [])
        if shapes.contains(where: { $0.list.contains(0) }) {
            return Verdict(.unsupported, .rejectedEmpty(reason))
        }
        return Verdict(.fail, .rejectedValid(reason))
    }

    /// The verdict on an output where there is none to compare it with.
    private func unexpected(_ got: AnyTensor, to golden: GoldenCase) -> Verdict {
        guard golden.header.expectation == .rejectionOrEmpty,
            let empty = golden.header.problem.emptyOutputShape
        else { return Verdict(.fail, .acceptedInvalid(got: got.shape)) }
        if got.shape == empty {
            return Verdict(.pass, remark: golden.remark("answered with a tensor without elements"))
        }
        return Verdict(.fail, .acceptedBeyondInput(got: got.shape, empty: empty))
    }

    private func compare(
        _ got: AnyTensor, with golden: GoldenCase, by computation: Computation, capabilities: Capabilities
    ) -> Verdict {
        var verdict = compare(
            got, with: golden,
            capabilities: capabilities.specialized(by: computation, for: golden.header.problem.types))
        verdict.computation = computation.isEmpty ? nil : computation
        return verdict
    }

    private func compare(_ got: AnyTensor, with golden: GoldenCase, capabilities: Capabilities) -> Verdict {
        let header = golden.header
        let geometry: Geometry
        do {
            geometry = try header.problem.geometry()
        } catch {
            return Verdict(.missing, .invalidGolden("\(error)"))
        }
        let (operation, types) = (header.problem.operation, header.problem.types)
        let known = golden.deferred == nil ? golden.output?.expected.shape : nil
        let want = known ?? geometry.shape(of: operation.answer)
        guard got.shape == want else {
            return Verdict(.fail, .wrongShape(got: got.shape, want: want, role: operation.answer))
        }
        let type = types[operation.answer]
        guard got.type == type else { return Verdict(.fail, .wrongType(got: got.type, want: type)) }
        if let deferred = golden.deferred {
            if deferred.isKnown(toBe: got) {
                return Verdict(.pass, comparison: Comparison(elements: want.count, mismatched: 0, ratio: 0))
            }
            do {
                _ = try deferred.output()
            } catch {
                return Verdict(.missing, .damagedGolden("\(error)"))
            }
        }
        let allowance = Allowance(
            tolerance: tolerance, golden: golden, geometry: geometry, capabilities: capabilities)
        let comparison: Comparison
        do throws(InvalidProblem) {
            comparison = try self.comparison(got, golden, geometry, allowance, capabilities)
        } catch {
            return Verdict(.missing, .invalidGolden("\(error)"))
        }
        guard comparison.isMatch else { return Verdict(.fail, comparison.cause, comparison: comparison) }
        let remarks = [
            golden.output?.alternatives.flatMap { $0.remark(met: comparison.met) },
            comparison.spread > 0 ? "\(capabilities.algorithm.rawValue): \(capabilities.spreading)" : nil,
        ].compactMap { $0 }
        return Verdict(
            .pass, remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "), comparison: comparison)
    }

    /// The comparison of an answer with the golden's, or with what its projections say.
    private func comparison(
        _ got: AnyTensor, _ golden: GoldenCase, _ geometry: Geometry, _ allowance: Allowance,
        _ capabilities: Capabilities
    ) throws(InvalidProblem) -> Comparison {
        if let output = golden.output {
            return Comparison(
                got: got, golden: output, region: AnswerRegion(geometry, golden.header.problem.operation.answer),
                allowance: allowance, leeway: NonFiniteLeeway(golden, capabilities: capabilities), isBrief: isBrief)
        }
        if let truth = golden.imagewise {
            return try truth.comparison(
                of: got, with: golden, geometry, allowance: allowance,
                leeway: NonFiniteLeeway(golden, capabilities: capabilities), isBrief: isBrief)
        }
        guard let truth = golden.projected else { preconditionFailure("there is nothing to compare with") }
        return try ProjectedComparison(
            got: got, golden: golden, truth: truth, geometry: geometry, allowance: allowance
        ).comparison(
            seed: projectionSeed ?? UInt64.random(in: .min ... .max),
            leeway: NonFiniteLeeway(golden, capabilities: capabilities))
    }
}

extension GoldenCase {
    /// Whether there is an answer to compare with.
    fileprivate var isAnswered: Bool { deferred != nil || output != nil || projected != nil || imagewise != nil }

    /// What an engine does with a kernel larger than the padded input, where either is right.
    fileprivate func remark(_ deed: String) -> String? {
        header.expectation == .rejectionOrEmpty ? "kernel-beyond-input: \(deed)" : nil
    }
}

extension Capabilities {
    /// What became of numbers that are not finite in the place of others.
    fileprivate var spreading: String {
        algorithm == .direct
            ? "partial sums overflow in \(arithmetic.rawValue)" : "what is not finite is spread over a tile or an image"
    }
}

extension GoldenCase.Alternatives {
    /// Which of the answers an engine gave, and in how many elements where it gave several.
    fileprivate func remark(met: [Int]) -> String? {
        let given = zip([expectedMeaning] + answers.map(\.meaning), met).filter { $0.1 > 0 }
        guard let first = given.first else { return nil }
        if given.count == 1 { return "\(choice.rawValue): \(first.0)" }
        let parts = given.map { "\($0) in \($1)" }.joined(separator: ", ")
        return "\(choice.rawValue): \(parts) of \(met.reduce(0, +)) elements"
    }
}
