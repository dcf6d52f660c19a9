public import Conformance
public import Convolution

extension ExactReference: ExactConvolution {
    public func goldenOutput(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> GoldenCase.Output
    {
        let exact = try exactOutput(problem, input: input, filter: filter, bias: bias)
        return GoldenCase.Output(expected: exact.expected, magnitude: exact.magnitude)
    }
}
