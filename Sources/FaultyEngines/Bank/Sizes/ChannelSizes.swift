import Convolution

extension Fault {
    /// Wrong from a number of channels, or of products, on, together with something else.
    static let channelSizes: [Fault] = [
        Fault("channels-behind-64-dilated", .sizes, "Dilated: channels behind the 64th are dropped.") {
            $0.dropWeights { _, _, c, _ in c >= 64 }
        }.when { $0.channelsPerGroup > 64 && $0.isDilated },
        Fault(
            "channels-behind-twelve-dilated-strided", .sizes,
            "Dilated and strided both ways: channels behind the twelfth are dropped."
        ) {
            $0.dropWeights { _, _, c, _ in c >= 12 }
        }.when { it in
            it.channelsPerGroup > 12 && min(it.strides.height, it.strides.width) > 1
                && min(it.dilations.height, it.dilations.width) > 1
        },
        Fault(
            "bias-for-each-channel-block", .sizes, "Channels go in blocks of 128, and each block adds the bias."
        ) {
            let blocks = Float(($0.channelsPerGroup + 127) / 128)
            $0.bias = $0.bias?.map { $0 * blocks }
        }.when { $0.channelsPerGroup > 128 && $0.bias != nil },
        Fault("grouped-products-behind-512", .sizes, "Grouped: products behind the 512th are dropped.") {
            $0.dropWeights { [it = $0] ky, kx, c, _ in it.product(ky, kx, c) >= 512 }
        }.when { $0.productsPerOutput > 512 && $0.isGrouped },
        Fault("grouped-products-behind-128", .sizes, "Grouped: blocks of 128 products; the last, partial one is lost.")
        {
            $0.dropWeights { [it = $0] ky, kx, c, _ in it.product(ky, kx, c) >= it.productsPerOutput / 128 * 128 }
        }.when { $0.productsPerOutput > 128 && $0.productsPerOutput % 128 != 0 && $0.isGrouped },
        Fault(
            "odd-channels-behind-32-same", .sizes,
            "SAME: of an odd number of channels above 32 the last is lost in the left column."
        ) {
            $0.tap = { [last = $0.channelsPerGroup - 1] tap, value in
                tap.place.x == 0 && tap.c == last ? 0 : value
            }
        }.when { $0.channelsPerGroup > 32 && $0.channelsPerGroup % 2 == 1 && $0.isSame && $0.pads.left > 0 },
        Fault("pointwise-strided-behind-32", .sizes, "1x1 with a stride: channels behind the 32nd are dropped.") {
            $0.dropWeights { _, _, c, _ in c >= 32 }
        }.when { $0.isPointwise && $0.isStrided && $0.channelsPerGroup > 32 },
        Fault("five-by-five-weight-tile", .sizes, "5x5: a tile of weights holds 16 channels; further ones repeat it.") {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, kx, c % 16, f] }
        }.when { $0.kernelHeight == 5 && $0.kernelWidth == 5 && $0.channelsPerGroup > 16 },
        Fault(
            "one-column-behind-sixteen", .sizes, "A kernel of one column: channels behind the 16th lose its last row."
        ) {
            $0.dropWeights { [last = $0.kernelHeight - 1] ky, _, c, _ in ky == last && c >= 16 }
        }.when { $0.kernelWidth == 1 && $0.kernelHeight > 1 && $0.channelsPerGroup > 16 },
        Fault(
            "unequal-pads-behind-sixteen", .sizes,
            "Four different pads with more than 16 channels: padding is taken from the other end."
        ) {
            $0.pads = Pads(top: $0.pads.bottom, bottom: $0.pads.top, left: $0.pads.right, right: $0.pads.left)
        }.when { $0.hasFourPads && $0.channelsPerGroup > 16 },
        Fault("channels-behind-255", .sizes, "A channel counter of eight bits stops at 255: the 256th is lost.") {
            $0.dropWeights { _, _, c, _ in c == 255 }
        }.when { $0.channelsPerGroup >= 256 },
        Fault("products-behind-1024-biased", .sizes, "With a bias, products behind the 1024th overwrite those before.")
        {
            $0.dropWeights { [it = $0] ky, kx, c, _ in it.product(ky, kx, c) < 1024 }
        }.when { $0.productsPerOutput > 1024 && $0.bias != nil },
        Fault(
            "cropped-behind-eight", .sizes, "Cropped: with more than eight channels the crop is counted from the end."
        ) {
            $0.pads = Pads(top: $0.pads.bottom, bottom: $0.pads.top, left: $0.pads.right, right: $0.pads.left)
        }.when { $0.isCropped && $0.channelsPerGroup > 8 },
        Fault(
            "channels-between-vectors-dilated", .sizes,
            "Dilated: channels behind the last full vector of eight are taken from the one before."
        ) {
            $0.inputChannel = { [it = $0] f, c in it.channel(f, c >= it.channelsPerGroup / 8 * 8 ? c - 8 : c) }
        }.when { $0.isDilated && $0.channelsPerGroup > 16 && $0.channelsPerGroup % 8 != 0 },
    ]
}
