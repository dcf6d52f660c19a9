import Convolution

extension Fault {
    /// Wrong from a number of groups, or from a size of a group, on.
    static let groupSizes: [Fault] = [
        Fault(
            "many-groups-of-four-channels", .sizes,
            "32 groups and more of four channels and more: the last group reads the channels of the one before."
        ) {
            $0.inputChannel = { [it = $0] f, c in
                it.channel(f, c) - (it.group(f) == it.groups - 1 ? it.channelsPerGroup : 0)
            }
        }.when { $0.groups >= 32 && $0.channelsPerGroup >= 4 },
        Fault("groups-behind-sixteen-biased", .sizes, "With a bias: groups from the 17th on start the biases anew.") {
            guard let bias = $0.bias else { return }
            $0.bias = bias.indices.map { [count = 16 * $0.filtersPerGroup] in bias[$0 % count] }
        }.when { $0.groups > 16 && $0.bias != nil && $0.filtersPerGroup > 0 },
        Fault("groups-in-three-bits-dilated", .sizes, "Dilated: a group's number is kept in three bits.") {
            $0.inputChannel = { [it = $0] f, c in it.group(f) % 8 * it.channelsPerGroup + c }
        }.when { $0.groups > 8 && $0.isDilated },
        Fault("groups-behind-four-strided", .sizes, "Strided both ways: the fifth group and all later ones are lost.") {
            $0.zeroOutput { [it = $0] in it.group($0.f) >= 4 }
        }.when { $0.groups > 4 && $0.strides.height > 1 && $0.strides.width > 1 },
        Fault("groups-behind-63", .sizes, "A launch grid of 63 groups: the 64th and all later ones are not computed.") {
            $0.zeroOutput { [it = $0] in it.group($0.f) >= 63 }
        }.when { $0.groups > 63 },
        Fault(
            "grouped-channels-behind-sixteen", .sizes,
            "Groups of more than 16 channels: those behind the 16th are dropped."
        ) {
            $0.dropWeights { _, _, c, _ in c >= 16 }
        }.when { $0.isGrouped && $0.channelsPerGroup > 16 },
        Fault(
            "grouped-same-odd-pad", .sizes,
            "Three groups and more with SAME: the odd row and column go to the other end."
        ) {
            $0.pads = $0.samePads(as: $0.padding == .sameUpper ? .sameLower : .sameUpper)
        }.when { $0.groups > 2 && $0.isSame },
        Fault(
            "grouped-unequal-pads", .sizes,
            "Four different pads and several groups: the left pad is used above as well."
        ) {
            $0.pads.top = $0.pads.left
        }.when { $0.isGrouped && $0.hasFourPads },
        Fault("grouped-crop", .sizes, "Grouped: a crop at the top is taken at the bottom.") {
            ($0.pads.top, $0.pads.bottom) = ($0.pads.bottom, $0.pads.top)
        }.when { $0.isGrouped && min($0.pads.top, $0.pads.bottom) < 0 && $0.pads.top != $0.pads.bottom },
        Fault("depthwise-from-seven", .sizes, "Depthwise kernels from 7x7 on lose their last row.") {
            $0.dropWeights { [last = $0.kernelHeight - 1] ky, _, _, _ in ky == last }
        }.when { $0.isDepthwise && min($0.kernelHeight, $0.kernelWidth) >= 7 },
        Fault(
            "depthwise-wide-from-seven", .sizes,
            "Depthwise kernels of one row: columns from the seventh on are dropped."
        ) {
            $0.dropWeights { _, kx, _, _ in kx >= 6 }
        }.when { $0.isDepthwise && $0.kernelHeight == 1 && $0.kernelWidth >= 7 },
        Fault(
            "depthwise-behind-64-strided", .sizes,
            "Depthwise with a stride: channels behind the 64th repeat those 64 before."
        ) {
            $0.inputChannel = { [it = $0] f, c in it.channel(f, c) % 64 }
        }.when { $0.isDepthwise && $0.channels > 64 && $0.isStrided },
        Fault(
            "depthwise-behind-32-dilated-biased", .sizes,
            "Depthwise, dilated, with a bias: filters behind the 32nd lose it."
        ) {
            $0.bias = $0.bias?.enumerated().map { $0 < 32 ? $1 : 0 }
        }.when { $0.isDepthwise && $0.filters > 32 && $0.isDilated && $0.bias != nil },
        Fault(
            "depthwise-strided-dilated", .sizes, "Depthwise, strided and dilated: the dilation is counted in strides."
        ) {
            $0.dilations.height *= $0.strides.height
            $0.dilations.width *= $0.strides.width
        }.when { $0.isDepthwise && $0.isStrided && $0.isDilated },
    ]
}
