public import Convolution

/// What an engine answered to a case that it failed, kept for those who want to know more than the worst elements.
public struct KeptAnswer: Hashable, Sendable {
    /// The most elements of an answer that is kept.
    public static let elementLimit = 4096
    /// How many answers of an engine are kept: those of its first failures.
    public static let answersPerEngine = 20

    /// As the engine answered, in logical memory order.
    public let tensor: AnyTensor

    /// An answer as a record holds it; `nil` where it is too large.
    public init?(_ tensor: AnyTensor) {
        guard tensor.count <= KeptAnswer.elementLimit else { return nil }
        self.tensor = tensor.reordered(to: .logical)
    }

    /// The output of an answer, where it has one and it is small enough.
    init?(_ answer: EngineAnswer) {
        guard case .output(let output, _) = answer else { return nil }
        self.init(output)
    }
}
