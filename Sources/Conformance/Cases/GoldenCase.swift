public import Convolution

/// A convolution problem with its data and its exact answer, all in logical memory order.
public struct GoldenCase: Sendable {
    /// The exact answer of a case: an output, or of a gradient what it is the gradient with respect to.
    public struct Output: Sendable {
        /// Of the shape of the operation's answer, `[batch, output height, output width, filters]` for an output: the
        /// exact sum, rounded once to float64.
        public var expected: Tensor<Double>
        /// The same shape: the sum of |products|, plus |bias|, rounded up; it scales the tolerance. Zeros where the answer
        /// has whole numbers.
        public var magnitude: Tensor<Float>
        /// Further right answers, where IEEE 754 leaves the choice to the algorithm.
        public var alternatives: Alternatives?

        public init(expected: Tensor<Double>, magnitude: Tensor<Float>, alternatives: Alternatives? = nil) {
            self.expected = expected
            self.magnitude = magnitude
            self.alternatives = alternatives
        }
    }

    /// Answers that are as right as the expected one, element by element.
    public struct Alternatives: Sendable {
        /// What IEEE 754 leaves to the algorithm.
        public enum Choice: String, Hashable, Sendable, CaseIterable {
            /// Whether padding is multiplied: zero times infinity is NaN.
            case paddingTimesInfinity = "padding-times-infinity"
            /// Whether subnormal numbers are kept or flushed to zero.
            case subnormalFlush = "subnormal-flush"
            /// Whether a partial sum overflows where the whole sum does not, which depends on the order.
            case intermediateOverflow = "intermediate-overflow"
            /// Whether a sum just below the overflow threshold of its type is rounded once, or to float32 first and then
            /// beyond it.
            case overflowThreshold = "overflow-threshold"
            /// Which way a quantized answer is rounded that lies in the middle of two whole numbers.
            case tieRounding = "tie-rounding"
        }

        /// One of them.
        public struct Answer: Sendable {
            /// What an engine does to arrive at this answer, in a few words.
            public var meaning: String
            /// Of the answer's shape.
            public var output: Tensor<Double>

            public init(meaning: String, output: Tensor<Double>) {
                self.meaning = meaning
                self.output = output
            }
        }

        public var choice: Choice
        /// What an engine does to arrive at the expected answer, in a few words.
        public var expectedMeaning: String
        /// At least one.
        public var answers: [Answer]

        public init(choice: Choice, expectedMeaning: String, answers: [Answer]) {
            self.choice = choice
            self.expectedMeaning = expectedMeaning
            self.answers = answers
        }
    }

    public var header: CaseHeader
    public var operands: Operands
    /// `nil` where a rejection is expected, whether or not a tensor without elements is allowed instead, where there is
    /// ``projected`` or ``imagewise`` in its place, and where what is ``deferred`` turns out to be damaged.
    public var output: Output? {
        get { known ?? (try? deferred?.output()) }
        set { (known, deferred) = (newValue, nil) }
    }
    private var known: Output?
    /// What computes the output when it is asked for.
    public private(set) var deferred: DeferredAnswer?
    /// What is known of an answer that is too large to be computed whole: it is judged by a ``Projection``.
    public var projected: ProjectedTruth?
    /// Where the answer is computed image by image, as it is compared.
    public var imagewise: ImagewiseTruth?

    public init(header: CaseHeader, operands: Operands, output: Output?) {
        self.header = header
        self.operands = operands
        known = output
    }

    /// A case whose answer is computed when it is needed.
    public init(header: CaseHeader, operands: Operands, deferred: DeferredAnswer) {
        self.init(header: header, operands: operands, output: nil)
        self.deferred = deferred
    }

    /// A case whose answer is not computed whole, with operands in logical memory order; `nil` where it cannot be judged so.
    public init?(withoutAnswer header: CaseHeader, operands: Operands) {
        self.init(header: header, operands: operands, output: nil)
        if ProjectedTruth.suits(header.problem) {
            projected = ProjectedTruth(header, operands)
        } else {
            imagewise = ImagewiseTruth(header, operands)
        }
        if projected == nil, imagewise == nil { return nil }
    }

    /// A case of a forward convolution in float32.
    public init(
        header: CaseHeader, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]? = nil,
        output: Output?
    ) {
        self.init(
            header: header, operands: Operands(input: input, filter: filter, bias: bias), output: output)
    }

    /// What an engine is asked, in the given layouts.
    public func request(in layouts: LayoutPair = .golden) -> EngineRequest {
        EngineRequest(problem: header.problem, operands: operands, layouts: layouts)
    }
}
