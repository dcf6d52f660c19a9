import Convolution

/// What faults ask about a convolution, and the right answers to its steps.
extension FaultableConvolution {
    var channelsPerGroup: Int { channels / groups }
    var filtersPerGroup: Int { filters / groups }
    /// Products in one output element.
    var productsPerOutput: Int { kernelHeight * kernelWidth * channelsPerGroup }

    var outputCount: Int { batch * outputHeight * outputWidth * filters }

    var isGrouped: Bool { groups > 1 }
    var isDepthwise: Bool { groups > 1 && groups == channels }
    var isPointwise: Bool { kernelHeight == 1 && kernelWidth == 1 }
    var isStrided: Bool { strides != .one }
    var isDilated: Bool { dilations != .one }
    var isPadded: Bool { pads != .none }
    var isSame: Bool { padding == .sameUpper || padding == .sameLower }
    /// Whether a pad is negative.
    var isCropped: Bool { pads.list.contains { $0 < 0 } }
    /// Whether no two of the four pads are the same.
    var hasFourPads: Bool { Set(pads.list).count == 4 }
    /// Whether it is a causal 1-D convolution: one row, padded on the left alone.
    var isCausalRow: Bool { height == 1 && kernelHeight == 1 && pads.left > 0 && pads.right == 0 }
    /// Whether a Winograd kernel fits: 3x3, stride 1, no dilation.
    var fitsWinograd: Bool { kernelHeight == 3 && kernelWidth == 3 && !isStrided && !isDilated }
    /// Rows and columns that the dilated kernel spans.
    var reach: Extent {
        Extent(height: (kernelHeight - 1) * dilations.height + 1, width: (kernelWidth - 1) * dilations.width + 1)
    }

    var isNCHW: Bool { input.order == ActivationLayout.nchw.order && input.order != AxisOrder.logical }
    func filterLies(_ layout: FilterLayout) -> Bool { filter.order == layout.order }

    /// A row, or `nil` where it lies in the padding.
    func inHeight(_ row: Int) -> Int? { row >= 0 && row < height ? row : nil }
    /// A column, or `nil` where it lies in the padding.
    func inWidth(_ column: Int) -> Int? { column >= 0 && column < width ? column : nil }
    /// The group of a filter.
    func group(_ f: Int) -> Int { f / max(filtersPerGroup, 1) }
    /// The input channel that a filter sees as its channel `c`.
    func channel(_ f: Int, _ c: Int) -> Int { group(f) * channelsPerGroup + c }

    /// What SAME would give with other strides or dilations.
    func samePads(strides: Extent? = nil, dilations: Extent? = nil, as padding: Padding? = nil) -> Pads {
        Problem(
            input: [batch, height, width, channels], filter: [kernelHeight, kernelWidth, channelsPerGroup, filters],
            strides: strides ?? self.strides, dilations: dilations ?? self.dilations, padding: padding ?? self.padding
        ).pads
    }
}
