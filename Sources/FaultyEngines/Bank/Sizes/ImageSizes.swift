import Convolution

extension Fault {
    /// Wrong from an output row or column on, or on images of one row or column.
    static let imageSizes: [Fault] = [
        Fault("rows-behind-128-strided", .sizes, "With a vertical stride of 2, output rows behind the 128th stay zero.")
        {
            $0.zeroOutput { $0.y >= 128 }
        }.when { $0.outputHeight > 128 && $0.strides.height == 2 },
        Fault("columns-behind-128-dilated", .sizes, "Dilated: output columns behind the 128th repeat those 128 before.")
        {
            $0.copyOutput { $0.x < 128 ? $0 : Place(n: $0.n, y: $0.y, x: $0.x - 128, f: $0.f) }
        }.when { $0.outputWidth > 128 && $0.isDilated },
        Fault("columns-behind-64-without-bias", .sizes, "Output columns behind the 64th lack the bias.") {
            let bias = $0.bias ?? []
            $0.element = { place, value in place.x < 64 || bias.isEmpty ? value : value - bias[place.f] }
        }.when { $0.outputWidth > 64 && $0.bias != nil },
        Fault("rows-behind-64-without-bias", .sizes, "Output rows behind the 64th lack the bias.") {
            let bias = $0.bias ?? []
            $0.element = { place, value in place.y < 64 || bias.isEmpty ? value : value - bias[place.f] }
        }.when { $0.outputHeight > 64 && $0.bias != nil },
        Fault(
            "columns-behind-32-grouped", .sizes,
            "Grouped: output columns behind the 32nd are computed by the first group."
        ) {
            $0.tap = { [it = $0] tap, value in tap.place.x < 32 ? value : it.read(tap, channel: tap.c) }
        }.when { $0.outputWidth > 32 && $0.isGrouped && !$0.isPadded },
        Fault("rows-behind-255", .sizes, "Output rows are counted in eight bits: rows from 255 on stay zero.") {
            $0.zeroOutput { $0.y >= 255 }
        }.when { $0.outputHeight > 255 },
        Fault("columns-behind-255", .sizes, "Output columns are counted in eight bits: columns from 255 on stay zero.")
        {
            $0.zeroOutput { $0.x >= 255 }
        }.when { $0.outputWidth > 255 },
        Fault(
            "columns-behind-128-same", .sizes,
            "SAME with more than 128 columns: the right edge misses the last kernel column."
        ) {
            $0.inputColumn = { [it = $0] x, kx, column in
                x >= it.outputWidth - 2 && kx == it.kernelWidth - 2 ? nil : it.inWidth(column)
            }
        }.when { $0.outputWidth > 128 && $0.isSame && $0.kernelWidth > 2 },
        Fault("rows-behind-64-depthwise", .sizes, "Depthwise: output rows behind the 64th repeat the 64th.") {
            $0.copyOutput { Place(n: $0.n, y: min($0.y, 63), x: $0.x, f: $0.f) }
        }.when { $0.outputHeight > 64 && $0.isDepthwise },
        Fault(
            "rows-behind-32-batched", .sizes, "Several images: output rows behind the 32nd come from the image before."
        ) {
            $0.copyOutput { $0.y < 32 ? $0 : Place(n: max($0.n - 1, 0), y: $0.y, x: $0.x, f: $0.f) }
        }.when { $0.outputHeight > 32 && $0.batch > 1 },
        Fault(
            "column-tile-of-64-dilated-strided", .sizes,
            "Dilated and strided: the first column of each tile of 64 but the first lacks its first tap."
        ) {
            $0.inputColumn = { [it = $0] x, kx, column in x > 0 && x % 64 == 0 && kx == 0 ? nil : it.inWidth(column) }
        }.when { $0.outputWidth > 64 && $0.isDilated && $0.isStrided },
        Fault(
            "causal-pad-undilated", .sizes,
            "A causal row (height 1, pad on the left alone): the pad is taken for that of the undilated kernel."
        ) {
            $0.pads.left = min($0.pads.left, $0.kernelWidth - 1)
        }.when { $0.isCausalRow && $0.dilations.width > 1 && $0.pads.left > $0.kernelWidth - 1 },
        Fault("one-row-dilated", .sizes, "An image of one row goes to a 1-D path that knows no dilation.") {
            $0.dilations.width = 1
        }.when { $0.height == 1 && $0.kernelHeight == 1 && $0.dilations.width > 1 },
        Fault("one-column-dilated", .sizes, "An image of one column goes to a 1-D path that knows no dilation.") {
            $0.dilations.height = 1
        }.when { $0.width == 1 && $0.kernelWidth == 1 && $0.dilations.height > 1 },
        Fault("one-row-grouped", .sizes, "An image of one row goes to a 1-D path that takes every group for the first.")
        {
            $0.inputChannel = { _, c in c }
        }.when { $0.height == 1 && $0.isGrouped && $0.kernelWidth > 1 },
        Fault(
            "one-output-column-strided", .sizes,
            "One channel, an output of one column, a horizontal stride: each row but the first is read one too early."
        ) {
            $0.inputRow = { [it = $0] y, _, row in it.inHeight(y == 0 ? row : row - 1) }
        }.when { $0.channels == 1 && $0.outputWidth == 1 && $0.strides.width > 1 && $0.outputHeight > 1 },
    ]
}
