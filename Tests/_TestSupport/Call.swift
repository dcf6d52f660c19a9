public import Conformance
public import Convolution
internal import ExactArithmetic

/// A forward convolution in float32 with its data, in logical memory order, and every engine's answer to it.
public struct Call: Sendable {
    public var problem: Problem
    public var input: Tensor<Float>
    public var filter: Tensor<Float>
    public var bias: [Float]?

    /// A problem with elements in logical memory order.
    public init(_ problem: Problem, input: [Float], filter: [Float], bias: [Float]? = nil) {
        self.problem = problem
        self.problem.biasCount = bias?.count
        self.input = Tensor(shape: problem.input, elements: input)
        self.filter = Tensor(shape: problem.filter, elements: filter)
        self.bias = bias
    }

    /// A problem with elements drawn in the order of input, filter, bias.
    public init(_ problem: Problem, drawing element: () -> Float) {
        self.init(
            problem, input: (0..<problem.input.count).map { _ in element() },
            filter: (0..<problem.filter.count).map { _ in element() },
            bias: problem.biasCount.map { (0..<$0).map { _ in element() } })
    }

    /// All combinations of layouts.
    public static let layouts = Capabilities.everyLayout.layouts

    public func output(of engine: any Engine, in layouts: LayoutPair = .golden) throws -> Tensor<Float> {
        try engine.convolve(
            problem, input: input.reordered(to: layouts.activation.order),
            filter: filter.reordered(to: layouts.filter.order), bias: bias)
    }

    /// The call as a golden case.
    public func golden(_ data: CaseHeader.DataFamily, output: GoldenCase.Output?) -> GoldenCase {
        GoldenCase(
            header: CaseHeader(suite: "tests", name: "\(problem)", problem: problem, data: data),
            input: input, filter: filter, bias: bias, output: output)
    }

    /// The call as a golden case with its exact output.
    public func exactGolden(_ data: CaseHeader.DataFamily) throws -> GoldenCase {
        let exact = try ExactConvolution().output(problem, input: input, filter: filter, bias: bias)
        return golden(data, output: .init(expected: exact.expected, magnitude: exact.magnitude))
    }
}
