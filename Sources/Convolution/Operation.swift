/// What a tensor is to a convolution, and with it what its axes mean.
public enum Role: String, Hashable, Sendable, CaseIterable {
    /// `[batch, height, width, channels]`.
    case input
    /// `[kernel height, kernel width, channels / groups, filters]`.
    case filter
    /// `[count]`, which a ``Tensor`` holds as `[1, 1, 1, count]`.
    case bias
    /// `[batch, output height, output width, filters]`.
    case output

    /// The names of a tensor's axes, in logical order.
    public var axes: [String] {
        switch self {
        case .input: ["batch", "row", "column", "channel"]
        case .filter: ["kernel row", "kernel column", "channel", "filter"]
        case .bias: ["", "", "", "filter"]
        case .output: ["batch", "row", "column", "filter"]
        }
    }
}

/// What is computed from a convolution's tensors.
///
/// All four are sums over one index relation, between an output pixel (y, x), a kernel tap (ky, kx) and the input pixel
/// under it; only which of them is summed differs. A gradient is that of any loss whose gradient with respect to the
/// output is given: the operand `output`.
public enum Operation: String, Hashable, Sendable, CaseIterable {
    /// The convolution: see ``Problem``.
    case forward
    /// The gradient with respect to the input, of the input's shape; rows and columns that no window meets are 0. With a
    /// bias for each channel it is the transposed convolution of `tf.nn.conv2d_transpose` and `ConvTranspose2d`.
    case inputGradient = "input-gradient"
    /// The gradient with respect to the filter.
    case filterGradient = "filter-gradient"
    /// The gradient with respect to the bias: the sum over batch and output pixels.
    case biasGradient = "bias-gradient"

    /// The roles of the two tensors that are multiplied, or the one that is summed.
    public var factors: [Role] {
        switch self {
        case .forward: [.input, .filter]
        case .inputGradient: [.output, .filter]
        case .filterGradient: [.input, .output]
        case .biasGradient: [.output]
        }
    }

    /// The role of what is computed.
    public var answer: Role {
        switch self {
        case .forward: .output
        case .inputGradient: .input
        case .filterGradient: .filter
        case .biasGradient: .bias
        }
    }

    /// What it is, in a sentence.
    public var noun: String {
        switch self {
        case .forward: "a forward convolution"
        case .inputGradient: "an input gradient"
        case .filterGradient: "a filter gradient"
        case .biasGradient: "a bias gradient"
        }
    }

    /// Whether a bias may be added to the answer.
    public var takesBias: Bool { self == .forward || self == .inputGradient }
}
