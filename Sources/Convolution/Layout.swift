/// How an input or an output lies in memory, outermost axis first.
///
/// N: batch, H: height, W: width, C: channels.
public enum ActivationLayout: String, Hashable, Sendable, CaseIterable {
    case nhwc = "NHWC"
    case nchw = "NCHW"

    /// The memory order of the logical axes `[batch, height, width, channels]`.
    public var order: AxisOrder {
        switch self {
        case .nhwc: .logical
        case .nchw: AxisOrder([0, 3, 1, 2])
        }
    }
}

/// How a filter lies in memory, outermost axis first.
///
/// H: kernel height, W: kernel width, I: input channels / groups, O: filters (output channels).
public enum FilterLayout: String, Hashable, Sendable, CaseIterable {
    case hwio = "HWIO"
    case oihw = "OIHW"
    case ohwi = "OHWI"
    case hwoi = "HWOI"

    /// The memory order of the logical axes `[kernel height, kernel width, channels / groups, filters]`.
    public var order: AxisOrder {
        switch self {
        case .hwio: .logical
        case .oihw: AxisOrder([3, 2, 0, 1])
        case .ohwi: AxisOrder([3, 0, 1, 2])
        case .hwoi: AxisOrder([0, 1, 3, 2])
        }
    }
}

/// The layouts of both tensors of one convolution. The output has the input's.
public struct LayoutPair: Hashable, Sendable, CustomStringConvertible {
    public var activation: ActivationLayout
    public var filter: FilterLayout

    public init(_ activation: ActivationLayout, _ filter: FilterLayout) {
        self.activation = activation
        self.filter = filter
    }

    /// TensorFlow's layouts, and the order in which golden files store tensors.
    public static let golden = LayoutPair(.nhwc, .hwio)

    public var description: String { "\(activation.rawValue)/\(filter.rawValue)" }
}
