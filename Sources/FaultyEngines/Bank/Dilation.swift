import Convolution

extension Fault {
    static let dilation: [Fault] = [
        Fault("ignored-dilation", .dilation, "Taps lie next to each other.", source: "armnn#133") {
            $0.dilations = .one
        }.when { $0.isDilated },
        Fault("swapped-dilations", .dilation, "The vertical dilation is used horizontally, and the other way round.") {
            $0.dilations = Extent(height: $0.dilations.width, width: $0.dilations.height)
        },
        Fault("square-dilation", .dilation, "The vertical dilation is used along both axes.") {
            $0.dilations.width = $0.dilations.height
        },
        Fault("dilation-cut-to-two", .dilation, "A dilation above 2 is taken for 2.", source: "armnn#133") {
            $0.dilations = Extent(height: min($0.dilations.height, 2), width: min($0.dilations.width, 2))
        },
        Fault("dilation-for-stride", .dilation, "Stride and dilation are swapped.") {
            ($0.strides, $0.dilations) = ($0.dilations, $0.strides)
        }.when { $0.strides != $0.dilations },
        Fault("dilation-scaled-by-stride", .dilation, "The dilation is counted in strides.") {
            $0.dilations.height *= $0.strides.height
            $0.dilations.width *= $0.strides.width
        }.when { $0.isStrided && !$0.isPointwise },
        Fault("strided-dilation-ignored", .dilation, "The dilation is ignored where there is a stride.") {
            $0.dilations = .one
        }.when { $0.isStrided && $0.isDilated },
        Fault(
            "depthwise-dilation-ignored", .dilation,
            "Depthwise: taps lie next to each other.", source: "tensorflow#56498"
        ) {
            $0.dilations = .one
        }.when { $0.isDepthwise && $0.isDilated },
        Fault(
            "depthwise-dilated-never-computed", .dilation,
            "Depthwise with a dilated 3x3 kernel: only the initial value, the bias, comes back.", source: "ncnn#315"
        ) {
            $0.dropWeights { _, _, _, _ in true }
        }.when { $0.isDepthwise && $0.isDilated && $0.kernelHeight == 3 && $0.kernelWidth == 3 },
        Fault(
            "wide-dilated-last-column", .dilation,
            "Dilated, with very many filters to a channel: the last kernel column is read undilated.",
            source: "pytorch#53178"
        ) {
            $0.inputColumn = { [it = $0] x, kx, column in
                it.inWidth(kx == it.kernelWidth - 1 ? column - kx * (it.dilations.width - 1) : column)
            }
        }.when { $0.isDilated && $0.filters >= 32 * $0.channelsPerGroup },
        Fault(
            "dilated-pad-value", .dilation,
            "Under a dilated kernel the padding holds 1 instead of 0.", source: "tflite-micro#1646"
        ) {
            $0.padValue = 1
        }.when { $0.isDilated && $0.isPadded },
        Fault("same-ignores-dilation", .dilation, "SAME pads are those of the undilated kernel.") {
            $0.pads = $0.samePads(dilations: .one)
        }.when { $0.isSame && $0.isDilated },
        Fault("pads-scaled-by-dilation", .dilation, "Pads are counted in dilations.") {
            $0.pads.top *= $0.dilations.height
            $0.pads.left *= $0.dilations.width
        }.when { $0.isDilated && $0.isPadded },
        Fault("dilated-kernel-one-longer", .dilation, "The dilated kernel is taken to span kernel x dilation rows.") {
            let rows = $0.height + $0.pads.top + $0.pads.bottom - $0.kernelHeight * $0.dilations.height
            $0.outputHeight = rows < 0 ? 0 : rows / $0.strides.height + 1
        }.when { !$0.isSame && $0.dilations.height > 1 },
        Fault(
            "right-edge-checked-undilated", .dilation,
            "Whether a tap lies beyond the right edge is asked without the dilation: the next row is read."
        ) {
            $0.inputColumn = { [it = $0] x, kx, column in
                column < 0 || it.inWidth(x * it.strides.width + kx - it.pads.left) == nil ? nil : column
            }
        }.when { $0.dilations.width > 1 && $0.pads.right > 0 },
    ]
}
