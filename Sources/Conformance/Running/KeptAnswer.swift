public import Convolution

/// What an engine answered to a case that it failed, kept for those who want to know more than the worst elements.
public struct KeptAnswer: Hashable, Sendable {
    /// The most elements of an answer that is kept.
    public static let elementLimit = 4096
    /// How many answers of an engine are kept: those of its first failures.
    public static let answersPerEngine = 20

    /// `[batch, output height, output width, filters]`, as the engine answered.
    public let shape: Shape
    /// In logical memory order.
    public let elements: [Float]

    /// An answer as a record holds it; `nil` where it is too large, or the elements do not fill the shape.
    public init?(shape: Shape, elements: [Float]) {
        guard elements.count <= KeptAnswer.elementLimit, shape.checkedCount == elements.count else { return nil }
        self.shape = shape
        self.elements = elements
    }

    /// The output of an answer, where it has one and it is small enough.
    init?(_ answer: EngineAnswer) {
        guard case .output(let output, _) = answer, output.elements.count <= KeptAnswer.elementLimit else { return nil }
        self.init(shape: output.shape, elements: output.reordered(to: .logical).elements)
    }
}
