import Convolution

extension Fault {
    static let layoutAndOffsets: [Fault] = [
        Fault("nchw-read-as-nhwc", .layoutAndOffsets, "An input in NCHW is read as NHWC.", dependsOnLayout: true) {
            $0.input.strides = AxisOrder.logical.strides(of: $0.input.shape)
        }.when { $0.isNCHW },
        Fault(
            "nchw-returned-as-nhwc", .layoutAndOffsets, "An output called NCHW lies as NHWC.", dependsOnLayout: true
        ) {
            $0.output = {
                $0 = Tensor(shape: $0.shape, order: ActivationLayout.nchw.order, elements: $0.elements)
            }
        }.when { $0.isNCHW },
        Fault(
            "nchw-channel-stride-of-output", .layoutAndOffsets,
            "In NCHW, input channels are taken to lie as far apart as the output's.", dependsOnLayout: true
        ) {
            $0.input.strides[3] = $0.outputHeight * $0.outputWidth
        }.when { $0.isNCHW },
        Fault("oihw-read-as-hwio", .layoutAndOffsets, "A filter in OIHW is read as HWIO.", dependsOnLayout: true) {
            $0.filter.strides = FilterLayout.hwio.order.strides(of: $0.filter.shape)
        }.when { $0.filterLies(.oihw) },
        Fault("ohwi-read-as-oihw", .layoutAndOffsets, "A filter in OHWI is read as OIHW.", dependsOnLayout: true) {
            $0.filter.strides = FilterLayout.oihw.order.strides(of: $0.filter.shape)
        }.when { $0.filterLies(.ohwi) },
        Fault("hwoi-read-as-hwio", .layoutAndOffsets, "A filter in HWOI is read as HWIO.", dependsOnLayout: true) {
            $0.filter.strides = FilterLayout.hwio.order.strides(of: $0.filter.shape)
        }.when { $0.filterLies(.hwoi) },
        Fault(
            "single-channel-channels-last", .layoutAndOffsets,
            "A channels-last filter of one channel with an input in NCHW is read as HWIO.",
            source: "pytorch#82060", dependsOnLayout: true
        ) {
            $0.filter.strides = FilterLayout.hwio.order.strides(of: $0.filter.shape)
        }.when { $0.isNCHW && $0.filterLies(.ohwi) && $0.channelsPerGroup == 1 },
        Fault(
            "depthwise-strides-ignored", .layoutAndOffsets,
            "Depthwise: an input in NHWC is read as if it were contiguous in NCHW.",
            source: "executorch#22951", dependsOnLayout: true
        ) {
            $0.input.strides = ActivationLayout.nchw.order.strides(of: $0.input.shape)
        }.when { $0.isDepthwise && !$0.isNCHW },
        Fault(
            "group-filter-start", .layoutAndOffsets,
            "A group's filters are looked for where they start in OIHW, in every layout.",
            source: "candle#3735", dependsOnLayout: true
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in
                let (group, place) = f.quotientAndRemainder(dividingBy: it.filtersPerGroup)
                var filter = it.filter
                filter.start = group * it.filtersPerGroup * it.productsPerOutput
                return filter[ky, kx, c, place]
            }
        }.when { $0.isGrouped && !$0.filterLies(.oihw) && !$0.filterLies(.ohwi) },
        Fault("batch-stride-of-output", .layoutAndOffsets, "Images are taken to lie as far apart as the output's.") {
            $0.input.strides[0] = $0.outputHeight * $0.outputWidth * $0.filters
        }.when { $0.batch > 1 },
        Fault("row-pitch-aligned", .layoutAndOffsets, "Rows are taken to start at multiples of four elements.") {
            $0.input.strides[1] = ($0.width * $0.channels + 3) / 4 * 4
        }.when { $0.height > 1 && $0.width * $0.channels % 4 != 0 },
        Fault(
            "odd-channels-filter-pitch", .layoutAndOffsets,
            "The filter is taken to be padded to an even number of channels.", source: "nnlib-hifi4#15"
        ) {
            $0.filter.strides[1] = ($0.channelsPerGroup + 1) * $0.filters
            $0.filter.strides[0] = $0.kernelWidth * $0.filter.strides[1]
        }.when { $0.channelsPerGroup % 2 == 1 && !$0.isPointwise },
        Fault(
            "depth-multiplier-transposed", .layoutAndOffsets,
            "Depthwise filters [channels, multiplier] are read as [multiplier, channels]."
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in
                let (channel, copy) = f.quotientAndRemainder(dividingBy: it.filtersPerGroup)
                return it.filter[ky, kx, c, copy * it.channels + channel]
            }
        }.when { $0.isDepthwise && $0.filters > $0.channels },
    ]
}
