import Convolution

extension Fault {
    /// Wrong from a filter on, together with something else.
    static let filterSizes: [Fault] = [
        Fault("filters-behind-64-dilated", .sizes, "Dilated: filters from the 65th on use the weights of 64 before.") {
            $0.repeatFilters(from: 64, back: 64)
        }.when { $0.filters > 64 && $0.isDilated },
        Fault(
            "filters-behind-sixteen-unequal-pads", .sizes,
            "Four different pads: filters from the 17th on use the weights of 16 before."
        ) {
            $0.repeatFilters(from: 16, back: 16)
        }.when { $0.filters > 16 && $0.hasFourPads },
        Fault("filters-behind-48-strided", .sizes, "Strided both ways: filters from the 49th on are not computed.") {
            $0.zeroOutput { $0.f >= 48 }
        }.when { $0.filters > 48 && $0.strides.height > 1 && $0.strides.width > 1 },
        Fault("bias-in-seven-bits", .sizes, "A bias is looked up by the seven lower bits of the filter's number.") {
            guard let bias = $0.bias else { return }
            $0.bias = bias.indices.map { bias[$0 % 128] }
        }.when { $0.filters > 128 && $0.bias != nil },
        Fault(
            "filters-behind-32-same-lower", .sizes,
            "SAME_LOWER: from the 33rd filter on the first column, which reaches into the pad, stays zero."
        ) {
            $0.zeroOutput { $0.f >= 32 && $0.x == 0 }
        }.when { $0.filters > 32 && $0.padding == .sameLower && $0.pads.left > 0 },
        Fault(
            "filters-of-a-group-behind-sixteen", .sizes,
            "Grouped: from the 17th filter of a group on, the weights of 16 before are used."
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in
                let place = f % it.filtersPerGroup
                return it.filter[ky, kx, c, place >= 16 ? f - 16 : f]
            }
        }.when { $0.isGrouped && $0.filtersPerGroup > 16 },
        Fault(
            "depth-multiplier-behind-two", .sizes,
            "Depthwise: from the third filter of a channel on, the second's weights are used."
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in
                let place = f % it.filtersPerGroup
                return it.filter[ky, kx, c, f - max(place - 1, 0)]
            }
        }.when { $0.isDepthwise && $0.filtersPerGroup > 2 },
        Fault(
            "depth-multiplier-strided", .sizes,
            "Depthwise with a stride and several filters to a channel, above 8 channels: the second is lost."
        ) {
            $0.zeroOutput { [count = $0.filtersPerGroup] in $0.f % count == 1 }
        }.when { $0.isDepthwise && $0.filtersPerGroup > 1 && $0.channels > 8 && $0.isStrided },
        Fault(
            "filters-behind-twelve-batched", .sizes,
            "Several images: from the 13th filter on each image but the first has the first's output."
        ) {
            $0.copyOutput { $0.f < 12 ? $0 : Place(n: 0, y: $0.y, x: $0.x, f: $0.f) }
        }.when { $0.filters > 12 && $0.batch > 1 },
        Fault("filters-behind-255", .sizes, "A filter counter of eight bits stops at 255: the 256th is not computed.") {
            $0.zeroOutput { $0.f == 255 }
        }.when { $0.filters >= 256 },
        Fault(
            "filters-odd-behind-hundred-pointwise", .sizes,
            "1x1 with more than 100 filters: of an odd number the last is lost."
        ) {
            $0.zeroOutput { [last = $0.filters - 1] in $0.f == last }
        }.when { $0.isPointwise && $0.filters > 100 && $0.filters % 2 == 1 },
        Fault(
            "filter-tile-of-eight-by-eight", .sizes,
            "Kernels from five columns on: the second tile of eight filters skips the second of eight channels."
        ) {
            $0.dropWeights { _, _, c, f in c >= 8 && c < 16 && f >= 8 && f < 16 }
        }.when { $0.filters > 8 && $0.channelsPerGroup > 8 && !$0.isGrouped && $0.kernelWidth >= 5 },
    ]
}
