public import Conformance
public import Convolution
internal import ExactArithmetic

/// The exact mathematical sum of each element of the answer, rounded once to its type: see ``ExactConvolution``.
public struct ExactReference: Engine, Sendable {
    private let exact: ExactConvolution

    /// - Parameter workers: how many threads compute one convolution; a run has its own, one case each.
    public init(workers: Int = 1) {
        exact = ExactConvolution(workers: workers)
    }

    public var capabilities: Capabilities { .everything }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        try exact.answer(to: problem, Operands(input: input, filter: filter, bias: bias)).rounded()
            .reordered(to: input.order)
    }

    public func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        try exact.answer(to: problem, operands).rounded(to: problem.types[problem.operation.answer])
    }
}
