/// One convolution to be computed: shapes, strides, dilations, padding, groups.
///
/// The operation is deep learning's cross-correlation (the filter is not flipped):
///
///     output[n, y, x, f] = bias[f] + sum over ky, kx, c of
///         input[n, y * strideH + ky * dilationH - top, x * strideW + kx * dilationW - left, group(f) * C + c]
///         * filter[ky, kx, c, f]
///
/// where C = channels / groups, group(f) = f / (filters / groups), and elements outside the input are zero.
///
/// Shapes, strides, dilations, pads and groups are those of this convolution for every ``Operation``; a gradient has the
/// same numbers, and other tensors as operands and as its answer.
///
/// A problem is a description and may be invalid; ``geometry()`` says so.
public struct Problem: Hashable, Sendable {
    /// `[batch, height, width, channels]`.
    public var input: Shape
    /// `[kernel height, kernel width, channels / groups, filters]`.
    public var filter: Shape
    /// How many biases are added, or `nil` for none. A valid problem has as many as its answer has filters, or, of an
    /// input gradient, channels.
    public var biasCount: Int?
    public var strides: Extent
    public var dilations: Extent
    public var padding: Padding
    public var groups: Int
    public var operation: Operation
    /// The types of the tensors, whether or not the operation has them as operands.
    public var types: ElementTypes

    public init(
        input: Shape, filter: Shape, biasCount: Int? = nil, strides: Extent = .one, dilations: Extent = .one,
        padding: Padding = .valid, groups: Int = 1, operation: Operation = .forward, types: ElementTypes = .float32
    ) {
        self.input = input
        self.filter = filter
        self.biasCount = biasCount
        self.strides = strides
        self.dilations = dilations
        self.padding = padding
        self.groups = groups
        self.operation = operation
        self.types = types
    }

    /// Whether this is what every engine computes: a forward convolution in float32.
    public var isFloat32Forward: Bool { operation == .forward && types == .float32 }

    /// The pads, resolved for SAME; none where the problem is so wrong that SAME means nothing.
    public var pads: Pads {
        resolvedPads ?? .none
    }

    var resolvedPads: Pads? {
        guard
            let rows = padding.resolve(
                axis: \.vertical, input: input[1], kernel: filter[0], stride: strides.height,
                dilation: dilations.height),
            let columns = padding.resolve(
                axis: \.horizontal, input: input[2], kernel: filter[1], stride: strides.width,
                dilation: dilations.width)
        else { return nil }
        return Pads(top: rows.before, bottom: rows.after, left: columns.before, right: columns.after)
    }
}

extension Problem: CustomStringConvertible {
    /// The problem in one line, without what is at its default.
    public var description: String {
        var parts: [String] = []
        if operation != .forward { parts.append(operation.rawValue) }
        if types != .float32 { parts.append("\(types)") }
        parts += ["input \(input)", "filter \(filter)"]
        if strides != .one { parts.append("stride \(strides)") }
        if dilations != .one { parts.append("dilation \(dilations)") }
        parts.append(padding.name + (pads == .none ? "" : " pads \(pads)"))
        if groups != 1 { parts.append("groups \(groups)") }
        if biasCount != nil { parts.append("bias") }
        if let output = try? geometry().outputShape { parts.append("output \(output)") }
        return parts.joined(separator: ", ")
    }
}
