import Convolution

extension Fault {
    static let groups: [Fault] = [
        Fault("group-offset-missing", .groups, "Every group reads the channels of the first.", source: "burn#3415") {
            $0.inputChannel = { _, c in c }
        }.when { $0.isGrouped },
        Fault(
            "group-offset-missing-in-pad-rows", .groups,
            "Where a window reaches above or below the image, every group reads the channels of the first.",
            source: "burn#4727"
        ) {
            $0.tap = { [it = $0] tap, value in
                let top = it.position(Tap(place: tap.place, ky: 0, kx: 0, c: 0)).row
                let isInside = top >= 0 && top + it.reach.height <= it.height
                return isInside ? value : it.read(tap, channel: tap.c)
            }
        }.when { $0.isGrouped && $0.pads.top + $0.pads.bottom > 0 },
        Fault("interleaved-channels", .groups, "Group g reads channels g, g + groups, g + 2 groups.") {
            $0.inputChannel = { [it = $0] f, c in c * it.groups + it.group(f) }
        }.when { $0.isGrouped },
        Fault("interleaved-filters", .groups, "Filters are dealt out to the groups in turn.") {
            $0.inputChannel = { [it = $0] f, c in f % it.groups * it.channelsPerGroup + c }
        }.when { $0.isGrouped },
        Fault("shuffled-output", .groups, "The groups' outputs are interleaved, as a channel shuffle does.") {
            $0.output = { [it = $0] output in
                output = Tensor(shape: output.shape) { [right = output] n, y, x, f in
                    right[n, y, x, f % it.groups * it.filtersPerGroup + f / it.groups]
                }
            }
        }.when { $0.isGrouped },
        Fault("group-by-channel-count", .groups, "A filter's group is found by dividing by the channels of a group.") {
            $0.inputChannel = { [it = $0] f, c in
                min(f / it.channelsPerGroup, it.groups - 1) * it.channelsPerGroup + c
            }
        }.when { $0.isGrouped },
        Fault("groups-beyond-two", .groups, "The third group and all later ones read the channels of the second.") {
            $0.inputChannel = { [it = $0] f, c in min(it.group(f), 1) * it.channelsPerGroup + c }
        }.when { $0.groups > 2 },
        Fault("group-weights-restart", .groups, "Every group uses the weights of the first.") {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, kx, c, f % it.filtersPerGroup] }
        }.when { $0.isGrouped },
        Fault("group-bias-restarts", .groups, "Every group adds the biases of the first.") {
            guard let bias = $0.bias else { return }
            $0.bias = bias.indices.map { [count = $0.filtersPerGroup] f in bias[f % count] }
        }.when { $0.isGrouped && $0.bias != nil },
        Fault(
            "grouped-pointwise-zero", .groups,
            "A grouped 1x1 convolution with more filters than channels gives zeros.", source: "pytorch#19912"
        ) {
            $0.dropWeights { _, _, _, _ in true }
        }.when { $0.isGrouped && $0.isPointwise && $0.filters > $0.channels },
        Fault(
            "grouped-pointwise-last-filter", .groups,
            "A grouped 1x1 convolution that is not depthwise loses the last channel of its last filter.",
            source: "openxla/xla#49123"
        ) {
            $0.dropWeights { [it = $0] _, _, c, f in f == it.filters - 1 && c == it.channelsPerGroup - 1 }
        }.when { $0.isGrouped && $0.isPointwise && !$0.isDepthwise },
        Fault(
            "depthwise-multiples-of-24", .groups,
            "Depthwise with 24, 48, 72 ... channels: the last block of eight uses the weights of the one before.",
            source: "pytorch#50042"
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, kx, c, f >= it.filters - 8 ? f - 8 : f] }
        }.when { $0.isDepthwise && $0.channels % 24 == 0 && $0.filters == $0.channels },
        Fault(
            "grouped-block-of-128", .groups,
            "Groups are interleaved where there are 128 filters or taps, or more.", source: "modular#6129"
        ) {
            $0.inputChannel = { [it = $0] f, c in f % it.groups * it.channelsPerGroup + c }
        }.when { $0.isGrouped && max($0.filters, $0.kernelHeight * $0.kernelWidth) >= 128 },
        Fault(
            "depth-multiplier-interleaved", .groups,
            "Depthwise with several filters to a channel deals them out in turn."
        ) {
            $0.inputChannel = { [channels = $0.channels] f, _ in f % channels }
        }.when { $0.isDepthwise && $0.filters > $0.channels },
        Fault(
            "last-channel-of-sixteen-and-one", .groups,
            "Grouped, with one channel more than a multiple of 16: that channel is dropped."
        ) {
            $0.dropWeights { [it = $0] _, _, c, f in it.channel(f, c) == it.channels - 1 }
        }.when { $0.isGrouped && $0.channels % 16 == 1 },
    ]
}
