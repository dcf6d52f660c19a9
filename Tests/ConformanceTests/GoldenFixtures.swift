import Convolution

@testable import Conformance

/// Golden cases and engines made by hand.
enum Fixture {
    /// A 1x1 convolution of one channel: the output is `values`, element by element.
    static func identity(
        _ values: [Double], magnitude: Float = 1, data: CaseHeader.DataFamily = .real, name: String = "identity",
        suite: String = "fixture"
    ) -> GoldenCase {
        let problem = Problem(input: [1, 1, values.count, 1], filter: [1, 1, 1, 1])
        return GoldenCase(
            header: CaseHeader(suite: suite, name: name, problem: problem, data: data),
            input: Tensor(shape: problem.input, elements: values.map { Float($0) }),
            filter: Tensor(repeating: 1, shape: problem.filter),
            output: GoldenCase.Output(
                expected: Tensor(shape: [1, 1, values.count, 1], elements: values),
                magnitude: Tensor(repeating: magnitude, shape: [1, 1, values.count, 1])))
    }

    /// A problem with a kernel larger than the input, which must be rejected.
    static let rejection: GoldenCase = {
        let problem = Problem(input: [1, 1, 1, 1], filter: [2, 1, 1, 1])
        return GoldenCase(
            header: CaseHeader(
                suite: "fixture", name: "rejection", problem: problem, data: .integer, expectation: .rejection),
            input: Tensor(repeating: 1, shape: problem.input), filter: Tensor(repeating: 1, shape: problem.filter),
            output: nil)
    }()

    /// What a judge says to an output of the identity case of `values`.
    static func verdict(
        _ got: [Float], values: [Double], magnitude: Float = 1, data: CaseHeader.DataFamily = .real,
        tolerance: Tolerance = .derived, capabilities: Capabilities = Capabilities()
    ) -> Verdict {
        let golden = identity(values, magnitude: magnitude, data: data)
        return Judge(tolerance: tolerance).verdict(
            on: .output(Tensor(shape: [1, 1, got.count, 1], elements: got)), to: golden, capabilities: capabilities)
    }
}

/// An engine from a closure.
struct ClosureEngine: Engine {
    var capabilities = Capabilities()
    let body: @Sendable (Problem, Tensor<Float>) throws -> Tensor<Float>

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        try body(problem, input)
    }
}

func inProcess(
    _ name: String = "engine", capabilities: Capabilities = Capabilities(),
    _ body: @escaping @Sendable (Problem, Tensor<Float>) throws -> Tensor<Float>
) throws -> InProcessEngine {
    try InProcessEngine(name: name) { ClosureEngine(capabilities: capabilities, body: body) }
}
