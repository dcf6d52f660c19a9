public import Convolution

/// The exact answer of a convolution, rounded in the ways that golden data need.
///
/// All tensors have the shape of the answer's role, in logical memory order.
public struct ExactAnswer: Equatable, Sendable {
    /// The exact sum, rounded once to float64, to nearest even. Of whole numbers it is the sum itself; of quantized ones
    /// what they become: scaled, rounded to nearest even, shifted by the zero point, and kept within the type.
    public internal(set) var expected: Tensor<Double>
    /// How far the exact sum rounded to odd in float64 lies from `expected`, in bit patterns: see ``OddRounded``.
    var oddSteps: [Int8]
    /// The exact sum of |products|, plus |bias|, rounded up to float32; infinite where the answer is not finite.
    public internal(set) var magnitude: Tensor<Float>

    /// Rooms for the sums of a shape, which `store` fills.
    init(shape: Shape, _ store: (ExactResults) -> Void) {
        let count = shape.count
        if count == 0 {
            (expected, oddSteps) = (Tensor(shape: shape, elements: []), [])
            magnitude = Tensor(shape: shape, elements: [])
            return
        }
        var expected: [Double] = []
        var magnitude: [Float] = []
        oddSteps = [Int8](unsafeUninitializedCapacity: count) { steps, stepCount in
            expected = [Double](unsafeUninitializedCapacity: count) { sums, sumCount in
                magnitude = [Float](unsafeUninitializedCapacity: count) { magnitudes, magnitudeCount in
                    store(ExactResults(expected: sums, oddSteps: steps, magnitude: magnitudes))
                    magnitudeCount = count
                }
                sumCount = count
            }
            stepCount = count
        }
        self.expected = Tensor(shape: shape, elements: expected)
        self.magnitude = Tensor(shape: shape, elements: magnitude)
    }

    /// The exact sum, rounded to odd in float64.
    var odd: [Double] {
        zip(expected.elements, oddSteps).map { sum, steps in
            Double(bitPattern: sum.bitPattern &+ UInt64(bitPattern: Int64(steps)))
        }
    }

    /// The exact sum, rounded once to a type, to nearest even.
    public func rounded<Element: TensorElement>(to _: Element.Type = Element.self) -> Tensor<Element> {
        // Where float64 is the type, rounding to odd and then again is not rounding once.
        let from = Element.self == Double.self ? expected.elements : odd
        return Tensor(shape: expected.shape, elements: from.map { Element(nearest: $0) })
    }

    /// The exact sum, rounded once to the type, to nearest even.
    public func rounded(to type: ElementType) -> AnyTensor {
        AnyTensor(nearest: type == .float64 ? expected.elements : odd, type: type, shape: expected.shape)
    }
}

/// Computes exact sums for a share of an answer.
protocol ExactRows: Sendable {
    /// Computes share `share` of `shares` of about the same size, which together are the whole answer.
    func compute(share: Int, of shares: Int, into results: ExactResults)
}

/// Where exact sums are stored, by their place in the answer: different places from different threads.
struct ExactResults: @unchecked Sendable {
    let expected: UnsafeMutablePointer<Double>
    let oddSteps: UnsafeMutablePointer<Int8>
    let magnitude: UnsafeMutablePointer<Float>

    /// - Parameters: rooms for as many elements each, of which every one is to be stored.
    init(
        expected: UnsafeMutableBufferPointer<Double>, oddSteps: UnsafeMutableBufferPointer<Int8>,
        magnitude: UnsafeMutableBufferPointer<Float>
    ) {
        self.expected = expected.baseAddress!
        self.oddSteps = oddSteps.baseAddress!
        self.magnitude = magnitude.baseAddress!
    }

    func store(_ sum: OddRounded, magnitude sumOfMagnitudes: OddRounded, at offset: Int) {
        store(sum, magnitude: sumOfMagnitudes.floatRoundedUp, at: offset)
    }

    func store(_ sum: OddRounded, magnitude sumOfMagnitudes: Float, at offset: Int) {
        expected[offset] = sum.nearest
        oddSteps[offset] = sum.steps
        // What is not finite has no scale; an infinite one says so.
        magnitude[offset] = sum.nearest.isFinite ? sumOfMagnitudes : .infinity
    }
}
