import Convolution

extension Fault {
    static let algorithmChoice: [Fault] = [
        Fault(
            "winograd-ignores-pads", .algorithmChoice,
            "Winograd is chosen for a padded convolution, and knows no pads.", source: "openvino#33681"
        ) {
            $0.pads = .none
        }.when { $0.fitsWinograd && $0.isPadded },
        Fault(
            "winograd-pads-one", .algorithmChoice,
            "Winograd is taken with a pad of 1, whatever was asked for.", source: "tvm#4260"
        ) {
            $0.pads = Pads(top: 1, bottom: 1, left: 1, right: 1)
        }.when { $0.fitsWinograd },
        Fault(
            "winograd-ignores-groups", .algorithmChoice,
            "Winograd is chosen for a grouped convolution, and knows no groups.", source: "rocm-libraries#4998"
        ) {
            $0.inputChannel = { _, c in c }
        }.when { $0.fitsWinograd && $0.isGrouped },
        Fault(
            "winograd-square-tiles", .algorithmChoice,
            "Winograd counts tiles along the height where it should along the width: wrong on an oblong output.",
            source: "tvm#7090"
        ) {
            let (down, across) = (($0.outputHeight + 1) / 2, ($0.outputWidth + 1) / 2)
            $0.output = { [it = $0] output in
                output = Tensor(shape: output.shape) { [right = output] n, y, x, f in
                    let tile = y / 2 * across + x / 2
                    let (row, column) = (tile / down * 2 + y % 2, tile % down * 2 + x % 2)
                    return row < it.outputHeight && column < it.outputWidth ? right[n, row, column, f] : 0
                }
            }
        }.when { $0.fitsWinograd && ($0.outputHeight + 1) / 2 != ($0.outputWidth + 1) / 2 },
        Fault(
            "winograd-pads-other-axis", .algorithmChoice,
            "What fills up Winograd's last row of 4x4 tiles is added to the width: its rows are not computed.",
            source: "tinygrad#14294"
        ) {
            $0.zeroOutput { [full = $0.outputHeight / 4 * 4] in $0.y >= full }
        }.when { $0.fitsWinograd && $0.outputHeight % 4 != 0 && $0.outputWidth % 4 == 0 },
        Fault(
            "winograd-tile-step", .algorithmChoice,
            "Winograd's 4x4 tiles are stepped by 2, as 2x2 tiles are.", source: "adam-dziedzic/winograd#1"
        ) {
            $0.inputRow = { [it = $0] y, _, row in it.inHeight(row - y / 4 * 2) }
            $0.inputColumn = { [it = $0] x, _, column in it.inWidth(column - x / 4 * 2) }
        }.when { $0.fitsWinograd && ($0.outputHeight > 4 || $0.outputWidth > 4) },
        Fault(
            "pointwise-ignores-stride", .algorithmChoice,
            "1x1 becomes a product of matrices over all pixels, stride or not."
        ) {
            $0.strides = .one
        }.when { $0.isPointwise && $0.isStrided },
        Fault(
            "pointwise-ignores-pads", .algorithmChoice,
            "1x1 becomes a product of matrices from the first pixel on, pad or not."
        ) {
            $0.pads = .none
        }.when { $0.isPointwise && $0.isPadded },
        Fault("pointwise-ignores-groups", .algorithmChoice, "1x1 becomes one product of matrices, groups or not.") {
            $0.inputChannel = { _, c in c }
        }.when { $0.isPointwise && $0.isGrouped },
        Fault(
            "pointwise-pixel-tail", .algorithmChoice,
            "1x1 with packed channels: four pixels left over after blocks of eight repeat the four before, as on 14x14.",
            source: "ncnn#1384"
        ) {
            let (width, full) = ($0.outputWidth, $0.outputHeight * $0.outputWidth / 8 * 8)
            $0.output = { output in
                output = Tensor(shape: output.shape) { [right = output] n, y, x, f in
                    let pixel = y * width + x
                    let isTail = pixel >= full && pixel < full + 4
                    return isTail ? right[n, (pixel - 4) / width, (pixel - 4) % width, f] : right[n, y, x, f]
                }
            }
        }.when { it in
            let pixels = it.outputHeight * it.outputWidth
            return it.isPointwise && it.channels % 4 == 0 && pixels > 8 && pixels % 8 >= 4
        },
        Fault(
            "depthwise-without-multiplier", .algorithmChoice,
            "The depthwise kernel, made for one filter to a channel, is taken for several."
        ) {
            $0.inputChannel = { [last = $0.channels - 1] f, _ in min(f, last) }
        }.when { $0.isDepthwise && $0.filters > $0.channels },
        Fault(
            "depthwise-by-filters", .algorithmChoice,
            "The depthwise kernel is taken where groups equal filters: further channels of a group are dropped."
        ) {
            $0.dropWeights { _, _, c, _ in c > 0 }
        }.when { $0.isGrouped && $0.groups == $0.filters && $0.channelsPerGroup > 1 },
        Fault(
            "one-pixel-without-bias", .algorithmChoice, "An output of one pixel becomes a dense layer without bias."
        ) {
            $0.bias = nil
        }.when { $0.outputHeight * $0.outputWidth == 1 && $0.bias != nil },
        Fault(
            "dense-channels-first", .algorithmChoice,
            "A kernel that covers the image becomes a dense layer whose weights are flattened channels first."
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in
                let k = (c * it.kernelHeight + ky) * it.kernelWidth + kx
                let (tap, channel) = k.quotientAndRemainder(dividingBy: it.channelsPerGroup)
                return it.filter[tap / it.kernelWidth, tap % it.kernelWidth, channel, f]
            }
        }.when { $0.outputHeight * $0.outputWidth == 1 && $0.channelsPerGroup > 1 && !$0.isPointwise && !$0.isPadded },
        Fault(
            "fft-wraps", .algorithmChoice,
            "Kernels from 4 on go through an FFT of the image's own size: the padding wraps."
        ) {
            $0.inputRow = { [it = $0] _, _, row in it.wrapped(row, it.height) }
            $0.inputColumn = { [it = $0] _, _, column in it.wrapped(column, it.width) }
        }.when { max($0.kernelHeight, $0.kernelWidth) >= 4 && $0.isPadded },
        Fault(
            "im2col-square-kernel", .algorithmChoice,
            "im2col counts taps by the kernel's height where it should by its width.", source: "llama.cpp#14789"
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in
                let tap = ky * it.kernelHeight + kx
                return it.filter[tap / it.kernelWidth, tap % it.kernelWidth, c, f]
            }
        }.when { $0.kernelHeight != $0.kernelWidth },
        Fault(
            "one-row-ignores-dilation", .algorithmChoice,
            "A kernel of one row goes to a 1-D path that knows no dilation."
        ) {
            $0.dilations.width = 1
        }.when { $0.kernelHeight == 1 && $0.kernelWidth > 1 && $0.dilations.width > 1 },
        Fault(
            "stride-two-on-odd-width", .algorithmChoice,
            "The kernel for 3x3 with stride 2 is made for even widths: its last column misses a tap."
        ) {
            $0.inputColumn = { [it = $0] x, kx, column in
                x == it.outputWidth - 1 && kx == (it.pads.right > 0 ? 1 : 2) ? nil : it.inWidth(column)
            }
        }.when { $0.kernelWidth == 3 && $0.strides.width == 2 && $0.width % 2 == 1 },
        Fault(
            "stride-cut-to-kernel", .algorithmChoice,
            "A patch embedding steps by its kernel, even where the stride is larger."
        ) {
            $0.strides.height = min($0.strides.height, $0.kernelHeight)
            $0.strides.width = min($0.strides.width, $0.kernelWidth)
        }.when { $0.strides.height > $0.kernelHeight || $0.strides.width > $0.kernelWidth },
    ]
}
