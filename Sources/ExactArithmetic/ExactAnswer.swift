public import Convolution

/// The exact answer of a convolution, rounded in the ways that golden data need.
///
/// All tensors have the shape of the answer's role, in logical memory order.
public struct ExactAnswer: Equatable, Sendable {
    /// The exact sum, rounded once to float64, to nearest even. Of whole numbers it is the sum itself; of quantized ones
    /// what they become: scaled, rounded to nearest even, shifted by the zero point, and kept within the type.
    public internal(set) var expected: Tensor<Double>
    /// The exact sum, rounded to odd in float64: see ``OddRounded``.
    var odd: Tensor<Double>
    /// The exact sum of |products|, plus |bias|, rounded up to float32; infinite where the answer is not finite.
    public internal(set) var magnitude: Tensor<Float>

    init(zeros shape: Shape) {
        expected = Tensor(repeating: 0, shape: shape)
        odd = expected
        magnitude = Tensor(repeating: 0, shape: shape)
    }

    /// The exact sum, rounded once to a type, to nearest even.
    public func rounded<Element: TensorElement>(to _: Element.Type = Element.self) -> Tensor<Element> {
        // Where float64 is the type, rounding to odd and then again is not rounding once.
        let from = Element.self == Double.self ? expected : odd
        return Tensor(shape: expected.shape, elements: from.elements.map { Element(nearest: $0) })
    }

    /// The exact sum, rounded once to the type, to nearest even.
    public func rounded(to type: ElementType) -> AnyTensor {
        AnyTensor(nearest: type == .float64 ? expected.elements : odd.elements, type: type, shape: expected.shape)
    }
}

/// Computes exact sums for rows of an answer: a row is all elements at the first two indices.
protocol ExactRows: Sendable {
    /// Computes every `step`-th row from `first` on.
    ///
    /// Of an output, row n * output height + y is output row y of image n.
    func compute(from first: Int, step: Int, into results: ExactResults)
}

/// Where exact sums are stored, by their place in the answer: different places from different threads.
struct ExactResults: @unchecked Sendable {
    let expected: UnsafeMutableBufferPointer<Double>
    let odd: UnsafeMutableBufferPointer<Double>
    let magnitude: UnsafeMutableBufferPointer<Float>

    func store(_ sum: OddRounded, magnitude sumOfMagnitudes: OddRounded, at offset: Int) {
        expected[offset] = sum.nearest
        odd[offset] = sum.odd
        // What is not finite has no scale; an infinite one says so.
        magnitude[offset] = sum.nearest.isFinite ? sumOfMagnitudes.floatRoundedUp : .infinity
    }
}
