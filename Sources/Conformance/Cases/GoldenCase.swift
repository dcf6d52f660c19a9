public import Convolution

/// A convolution problem with its data and its exact answer, all in logical memory order.
public struct GoldenCase: Sendable {
    /// The exact output of a case.
    public struct Output: Sendable {
        /// `[batch, output height, output width, filters]`: the exact sum, rounded once to float64.
        public var expected: Tensor<Double>
        /// The same shape: the sum of |input x filter|, plus |bias|, rounded up; it scales the tolerance.
        public var magnitude: Tensor<Float>

        public init(expected: Tensor<Double>, magnitude: Tensor<Float>) {
            self.expected = expected
            self.magnitude = magnitude
        }
    }

    public var description: CaseDescription
    /// `[batch, height, width, channels]`.
    public var input: Tensor<Float>
    /// `[kernel height, kernel width, channels / groups, filters]`.
    public var filter: Tensor<Float>
    /// One number for each filter.
    public var bias: [Float]?
    /// `nil` where a rejection is expected.
    public var output: Output?

    public init(
        description: CaseDescription, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]? = nil,
        output: Output?
    ) {
        self.description = description
        self.input = input
        self.filter = filter
        self.bias = bias
        self.output = output
    }

    /// What an engine is asked, in the given layouts.
    public func request(in layouts: LayoutPair = .golden) -> EngineRequest {
        EngineRequest(problem: description.problem, input: input, filter: filter, bias: bias, layouts: layouts)
    }
}
