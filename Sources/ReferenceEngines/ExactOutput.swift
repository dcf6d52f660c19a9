public import Convolution

/// The exact output of a convolution, rounded in the ways that golden data need.
///
/// All three tensors are `[batch, output height, output width, filters]`, in logical memory order.
public struct ExactOutput: Equatable, Sendable {
    /// The exact sum, rounded once to float32, to nearest even.
    public internal(set) var rounded: Tensor<Float>
    /// The exact sum, rounded once to float64, to nearest even.
    public internal(set) var expected: Tensor<Double>
    /// The exact sum of |input x filter|, plus |bias|, rounded up to float32; infinite where the output is not finite.
    public internal(set) var magnitude: Tensor<Float>
}

/// Computes exact sums for rows of an output: a row is all pixels and filters at one output height of one image.
protocol ExactRows: Sendable {
    /// Computes every `step`-th row from `first` on.
    ///
    /// Row n * output height + y is output row y of image n.
    func compute(from first: Int, step: Int, into results: ExactResults)
}

/// Where exact sums are stored, by their place in the output: different places from different threads.
struct ExactResults: @unchecked Sendable {
    let rounded: UnsafeMutableBufferPointer<Float>
    let expected: UnsafeMutableBufferPointer<Double>
    let magnitude: UnsafeMutableBufferPointer<Float>

    func store(_ sum: OddRounded, magnitude sumOfMagnitudes: OddRounded, at offset: Int) {
        rounded[offset] = sum.float
        expected[offset] = sum.nearest
        // What is not finite has no scale; an infinite one says so.
        magnitude[offset] = sum.nearest.isFinite ? sumOfMagnitudes.floatRoundedUp : .infinity
    }
}
