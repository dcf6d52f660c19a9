/// A valid problem's numbers, by the names that a kernel's loops use.
public struct Geometry: Hashable, Sendable {
    public let batch: Int
    public let height: Int
    public let width: Int
    public let channels: Int
    public let kernelHeight: Int
    public let kernelWidth: Int
    public let filters: Int
    public let groups: Int
    public let strides: Extent
    public let dilations: Extent
    public let pads: Pads
    public let outputHeight: Int
    public let outputWidth: Int

    /// Input channels that one filter sees.
    @inlinable
    public var channelsPerGroup: Int { channels / groups }
    /// Filters that see the same input channels.
    @inlinable
    public var filtersPerGroup: Int { filters / groups }
    /// `[batch, output height, output width, filters]`.
    public var outputShape: Shape { [batch, outputHeight, outputWidth, filters] }
    /// Products in one output element: kernel height x kernel width x channels / groups.
    public var productsPerOutput: Int { kernelHeight * kernelWidth * channelsPerGroup }

    /// The shape of a role's tensor, in logical order; of a bias, of one with a number for each filter.
    public func shape(of role: Role) -> Shape {
        switch role {
        case .input: [batch, height, width, channels]
        case .filter: [kernelHeight, kernelWidth, channelsPerGroup, filters]
        case .bias: [1, 1, 1, filters]
        case .output: outputShape
        }
    }

    /// The most products that are summed in one element of an operation's answer.
    public func productsPerAnswer(of operation: Operation) -> Int {
        switch operation {
        case .forward: productsPerOutput
        case .inputGradient: kernelHeight * kernelWidth * filtersPerGroup
        case .filterGradient, .biasGradient: batch * outputHeight * outputWidth
        }
    }

    /// The input row under row `kernelRow` of the kernel at output row `y`, or `nil` where it lies in the padding.
    @inlinable
    public func inputRow(_ y: Int, _ kernelRow: Int) -> Int? {
        let row = y * strides.height + kernelRow * dilations.height - pads.top
        return row >= 0 && row < height ? row : nil
    }

    /// The input column under column `kernelColumn` of the kernel at output column `x`, or `nil` in the padding.
    @inlinable
    public func inputColumn(_ x: Int, _ kernelColumn: Int) -> Int? {
        let column = x * strides.width + kernelColumn * dilations.width - pads.left
        return column >= 0 && column < width ? column : nil
    }

    /// The first of the input channels that a filter sees.
    @inlinable
    public func firstChannel(ofFilter filter: Int) -> Int {
        filter / filtersPerGroup * channelsPerGroup
    }
}
