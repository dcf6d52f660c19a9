public import Convolution

/// Computes exact outputs, for cases whose output is not stored.
public protocol ExactConvolution: Sendable {
    /// The exact sums, rounded once to float64, and the magnitudes, rounded up.
    ///
    /// - Parameters: as for ``Engine/convolve(_:input:filter:bias:)``.
    /// - Throws: `InvalidProblem`.
    func goldenOutput(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> GoldenCase.Output
}
