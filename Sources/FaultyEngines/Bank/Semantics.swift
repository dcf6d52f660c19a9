import Convolution

extension Fault {
    static let semantics: [Fault] = [
        Fault("flipped-kernel", .semantics, "The kernel is flipped along both axes: a strict convolution.") {
            $0.weight = { [it = $0] ky, kx, c, f in
                it.filter[it.kernelHeight - 1 - ky, it.kernelWidth - 1 - kx, c, f]
            }
        },
        Fault("flipped-kernel-rows", .semantics, "The kernel is flipped upside down.") {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[it.kernelHeight - 1 - ky, kx, c, f] }
        }.when { $0.kernelHeight > 1 },
        Fault("flipped-kernel-columns", .semantics, "The kernel is mirrored.") {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, it.kernelWidth - 1 - kx, c, f] }
        }.when { $0.kernelWidth > 1 },
        Fault("transposed-kernel", .semantics, "Rows and columns of a square kernel are swapped.") {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[kx, ky, c, f] }
        }.when { $0.kernelHeight == $0.kernelWidth && !$0.isPointwise },
        Fault(
            "transposed-filter-channels", .semantics,
            "Input and output channels of the filter are swapped where there are as many of both."
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, kx, f, c] }
        }.when { $0.channelsPerGroup == $0.filters && $0.filters > 1 },
        Fault("last-kernel-row-dropped", .semantics, "The loop over kernel rows ends one early.") {
            $0.kernelHeight -= 1
        }.when { $0.kernelHeight > 1 },
        Fault("last-channel-dropped", .semantics, "The loop over channels ends one early.") {
            $0.dropWeights { [last = $0.channelsPerGroup - 1] _, _, c, _ in c == last }
        }.when { $0.channelsPerGroup > 1 },
        Fault("channels-reversed", .semantics, "Three channels are read as blue, green, red.") {
            $0.inputChannel = { _, c in 2 - c }
        }.when { $0.channels == 3 && !$0.isGrouped },
        Fault("swapped-strides", .semantics, "The vertical stride is used horizontally, and the other way round.") {
            $0.strides = Extent(height: $0.strides.width, width: $0.strides.height)
        },
        Fault("square-stride", .semantics, "The vertical stride is used along both axes.") {
            $0.strides.width = $0.strides.height
        },
        Fault("ignored-stride", .semantics, "Windows lie next to each other, whatever the stride.") {
            $0.strides = .one
        }.when { $0.isStrided },
        Fault("rounded-up-output", .semantics, "The output extent is rounded up, as pooling's ceil_mode does.") {
            $0.outputHeight += 1
        }.when { !$0.isSame && ($0.height + $0.pads.top + $0.pads.bottom - $0.reach.height) % $0.strides.height != 0 },
        Fault("first-image-for-all", .semantics, "Every image of the batch is computed from the first.") {
            $0.inputImage = { _ in 0 }
        }.when { $0.batch > 1 },
        Fault("missing-bias", .semantics, "The bias is left out.") {
            $0.bias = nil
        }.when { $0.bias != nil },
        Fault("doubled-bias", .semantics, "The bias is added twice.") {
            $0.bias = $0.bias?.map { 2 * $0 }
        }.when { $0.bias != nil },
        Fault("bias-of-first-filter", .semantics, "The first bias is added to every filter.") {
            $0.bias = $0.bias?.map { [first = $0.bias?.first ?? 0] _ in first }
        }.when { $0.bias != nil },
        Fault("bias-by-column", .semantics, "The bias is broadcast along the width.") {
            guard let bias = $0.bias else { return }
            $0.bias = nil
            $0.element = { place, value in value + bias[place.x % bias.count] }
        }.when { $0.bias != nil },
        Fault("fused-relu", .semantics, "Negative outputs are cut to zero: a fused activation that nobody asked for.") {
            $0.element = { _, value in value < 0 ? 0 : value }
        },
    ]
}
