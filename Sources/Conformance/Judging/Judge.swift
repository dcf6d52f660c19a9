internal import Convolution

/// Turns an engine's answer to a golden case into a verdict.
public struct Judge: Sendable {
    public var tolerance: Tolerance

    public init(tolerance: Tolerance = .derived) {
        self.tolerance = tolerance
    }

    /// The verdict on an answer of an engine with the given capabilities.
    public func verdict(on answer: EngineAnswer, to golden: GoldenCase, capabilities: Capabilities) -> Verdict {
        switch (answer, golden.output) {
        case (.unsupported(let reason), _): Verdict(.unsupported, reason: reason)
        case (.error(let reason), _): Verdict(.error, reason: reason)
        case (.crash(let reason), _): Verdict(.crash, reason: reason)
        case (.timeout(let reason), _): Verdict(.timeout, reason: reason)
        case (.rejected, nil): Verdict(.pass)
        case (.rejected(let reason), let output?): rejection(reason, of: golden, with: output)
        case (.output(let got), nil):
            Verdict(.fail, reason: "an invalid problem was answered with an output of shape \(got.shape)")
        case (.output(let got), let output?):
            compare(got, with: output, of: golden, capabilities: capabilities)
        }
    }

    /// The verdict on an engine that rejects a valid problem.
    ///
    /// Some libraries take no tensor without elements, and say so. That is a limit, not a wrong answer.
    private func rejection(_ reason: String, of golden: GoldenCase, with output: GoldenCase.Output) -> Verdict {
        let problem = golden.description.problem
        if [problem.input, problem.filter, output.expected.shape].contains(where: { $0.list.contains(0) }) {
            return Verdict(.unsupported, reason: "the engine rejects tensors without elements: \(reason)")
        }
        return Verdict(.fail, reason: "a valid problem was rejected: \(reason)")
    }

    private func compare(
        _ got: Tensor<Float>, with output: GoldenCase.Output, of golden: GoldenCase, capabilities: Capabilities
    ) -> Verdict {
        let description = golden.description
        let geometry: Geometry
        do {
            geometry = try description.problem.geometry()
        } catch {
            return Verdict(.missing, reason: "the golden problem is invalid: \(error)")
        }
        let want = output.expected.shape
        guard got.shape == want else { return Verdict(.fail, reason: wrongShape(got.shape, want)) }
        let allowance = Allowance(
            tolerance: tolerance, problem: description.problem, data: description.data, capabilities: capabilities,
            transformScale: TransformScale(
                golden, output: output, geometry: geometry,
                leastNormal: capabilities.arithmetic.leastNormalMagnitude))
        let comparison = Comparison(got: got, golden: output, geometry: geometry, allowance: allowance)
        if comparison.isMatch {
            let remark = output.alternatives.flatMap { $0.remark(met: comparison.met) }
            return Verdict(.pass, remark: remark, comparison: comparison)
        }
        if capabilities.algorithm == .transform, golden.overwhelmsTransforms {
            let reason = "not judged: a transform may spread what is not finite, or overflow, over a tile or an image"
            return Verdict(.unsupported, reason: reason, comparison: comparison)
        }
        return Verdict(.fail, reason: comparison.summary, comparison: comparison)
    }

    private func wrongShape(_ got: Shape, _ want: Shape) -> String {
        let axes = ["batch", "height", "width", "filters"]
        let differences = axes.indices.filter { got[$0] != want[$0] }
            .map { "\(axes[$0]) is \(got[$0]), expected \(want[$0])" }
        return "wrong output shape \(got), expected \(want): " + differences.joined(separator: "; ")
    }
}

extension GoldenCase {
    /// Whether its numbers are not finite, or so large that sums of them in a transformed domain may overflow.
    fileprivate var overwhelmsTransforms: Bool {
        description.data == .special
            && (input.elements + filter.elements).contains { !($0.magnitude < 0x1p60) }
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
