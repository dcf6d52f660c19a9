internal import Convolution

/// A case as a forward convolution in float64 that forms the same sums: what a transform does to a gradient.
///
/// - An input gradient is the convolution of the output's gradient, spread apart by the stride, with the filter turned by
///   half a turn and its channels and filters exchanged.
/// - A filter gradient is the convolution of the input with the output's gradient as the filter, stride and dilation
///   exchanged, images in the place of channels and channels in the place of images.
///
/// A bias gradient multiplies nothing.
struct ForwardEquivalent {
    let geometry: Geometry
    /// `[batch, height, width, channels]` of the equivalent.
    let input: Tensor<Double>
    /// `[kernel height, kernel width, channels / groups, filters]` of the equivalent.
    let filter: Tensor<Double>
    let bias: [Double]?
    private let operation: Operation

    /// `nil` where there is none: a bias gradient, or one without output elements.
    init?(_ golden: GoldenCase) {
        let problem = golden.header.problem
        operation = problem.operation
        let tensors = problem.operation.factors.compactMap { golden.operands[$0]?.doubles.reordered(to: .logical) }
        bias = golden.operands.bias?.doubles.elements
        guard let geometry = try? problem.geometry(), tensors.count == 2 else { return nil }
        switch problem.operation {
        case .forward:
            (input, filter) = (tensors[0], tensors[1])
            self.geometry = geometry
        case .inputGradient:
            (input, filter) = Self.ofInputGradient(tensors[0], tensors[1], geometry)
            guard let equivalent = Self.geometry(input, filter, geometry, pads: Self.inputGradientPads(geometry)) else {
                return nil
            }
            self.geometry = equivalent
        case .filterGradient:
            if tensors[1].elements.isEmpty { return nil }
            (input, filter) = Self.ofFilterGradient(tensors[0], tensors[1], geometry)
            guard
                let equivalent = Self.geometry(
                    input, filter, geometry, pads: Self.filterGradientPads(geometry), strides: geometry.dilations,
                    dilations: geometry.strides)
            else { return nil }
            self.geometry = equivalent
        case .biasGradient: return nil
        }
    }

    /// The equivalent's output index of the answer's element at a logical index.
    func index(of index: Shape) -> Shape {
        operation == .filterGradient ? [index[2], index[0], index[1], index[3]] : index
    }

    /// The equivalent's image that an element of an answer of that shape belongs to, by its place in logical memory order; of
    /// both, the last axis is that of filters.
    func image(at offset: Int, in shape: Shape) -> Int {
        operation == .filterGradient ? offset / shape[3] % shape[2] : offset / (shape[1] * shape[2] * shape[3])
    }

    private static func geometry(
        _ input: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: Geometry, pads: Pads, strides: Extent = .one,
        dilations: Extent? = nil
    ) -> Geometry? {
        try? Problem(
            input: input.shape, filter: filter.shape, strides: strides, dilations: dilations ?? geometry.dilations,
            padding: .explicit(pads), groups: geometry.groups
        ).geometry()
    }

    private static func ofInputGradient(
        _ output: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: Geometry
    ) -> (Tensor<Double>, Tensor<Double>) {
        let rows = spread(geometry.outputHeight, geometry.strides.height)
        let columns = spread(geometry.outputWidth, geometry.strides.width)
        var input = Tensor(repeating: 0.0, shape: [geometry.batch, rows, columns, geometry.filters])
        for n in 0..<geometry.batch {
            for y in 0..<geometry.outputHeight {
                for x in 0..<geometry.outputWidth {
                    for f in 0..<geometry.filters {
                        input[n, y * geometry.strides.height, x * geometry.strides.width, f] = output[n, y, x, f]
                    }
                }
            }
        }
        let shape: Shape = [
            geometry.kernelHeight, geometry.kernelWidth, geometry.filtersPerGroup, geometry.channels,
        ]
        let turned = Tensor(shape: shape) { ky, kx, f, channel in
            let (group, c) = channel.quotientAndRemainder(dividingBy: geometry.channelsPerGroup)
            return filter[
                geometry.kernelHeight - 1 - ky, geometry.kernelWidth - 1 - kx, c, group * geometry.filtersPerGroup + f]
        }
        return (input, turned)
    }

    private static func spread(_ extent: Int, _ stride: Int) -> Int { extent == 0 ? 0 : (extent - 1) * stride + 1 }

    /// Such that the equivalent's output has the rows and columns of the input.
    private static func inputGradientPads(_ geometry: Geometry) -> Pads {
        let rows = spread(geometry.outputHeight, geometry.strides.height)
        let columns = spread(geometry.outputWidth, geometry.strides.width)
        return Pads(
            top: (geometry.kernelHeight - 1) * geometry.dilations.height - geometry.pads.top,
            bottom: geometry.height - rows + geometry.pads.top,
            left: (geometry.kernelWidth - 1) * geometry.dilations.width - geometry.pads.left,
            right: geometry.width - columns + geometry.pads.left)
    }

    private static func ofFilterGradient(
        _ input: Tensor<Double>, _ output: Tensor<Double>, _ geometry: Geometry
    ) -> (Tensor<Double>, Tensor<Double>) {
        let shape: Shape = [
            geometry.channelsPerGroup, geometry.height, geometry.width, geometry.groups * geometry.batch,
        ]
        let exchanged = Tensor(shape: shape) { c, row, column, image in
            let (group, n) = image.quotientAndRemainder(dividingBy: geometry.batch)
            return input[n, row, column, group * geometry.channelsPerGroup + c]
        }
        let asFilter = Tensor(
            shape: [geometry.outputHeight, geometry.outputWidth, geometry.batch, geometry.filters]
        ) { y, x, n, f in output[n, y, x, f] }
        return (exchanged, asFilter)
    }

    /// Such that the equivalent's output has the rows and columns of the kernel.
    private static func filterGradientPads(_ geometry: Geometry) -> Pads {
        let rows =
            (geometry.kernelHeight - 1) * geometry.dilations.height + (geometry.outputHeight - 1)
            * geometry.strides.height
        let columns =
            (geometry.kernelWidth - 1) * geometry.dilations.width + (geometry.outputWidth - 1) * geometry.strides.width
        return Pads(
            top: geometry.pads.top, bottom: rows + 1 - geometry.height - geometry.pads.top,
            left: geometry.pads.left, right: columns + 1 - geometry.width - geometry.pads.left)
    }
}
