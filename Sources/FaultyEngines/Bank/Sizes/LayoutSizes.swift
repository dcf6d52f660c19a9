import Convolution

extension Fault {
    /// Wrong in one memory layout from a size on, together with something else.
    static let layoutSizes: [Fault] = [
        Fault(
            "nchw-channel-tail-of-sixteen", .layoutAndOffsets,
            "In NCHW, channels behind the last full block of 16 are read one block too early.", dependsOnLayout: true
        ) {
            $0.inputChannel = { [it = $0] f, c in it.channel(f, c >= it.channelsPerGroup / 16 * 16 ? c - 16 : c) }
        }.when { $0.isNCHW && $0.channelsPerGroup > 16 && $0.channelsPerGroup % 16 != 0 },
        Fault(
            "nchw-later-images-strided", .layoutAndOffsets,
            "In NCHW with a stride, images from the second on are read from the first.", dependsOnLayout: true
        ) {
            $0.inputImage = { _ in 0 }
        }.when { $0.isNCHW && $0.batch > 1 && $0.isStrided },
        Fault(
            "nchw-groups-dilated", .layoutAndOffsets, "In NCHW, dilated, every group reads the channels of the first.",
            dependsOnLayout: true
        ) {
            $0.inputChannel = { _, c in c }
        }.when { $0.isNCHW && $0.isGrouped && $0.isDilated },
        Fault(
            "ohwi-channels-behind-eight", .layoutAndOffsets,
            "In OHWI, wide kernels read the channels behind the eighth from the next tap.", dependsOnLayout: true
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, c < 8 ? kx : (kx + 1) % it.kernelWidth, c, f] }
        }.when { $0.filterLies(.ohwi) && $0.channelsPerGroup > 8 && $0.kernelWidth > 1 },
        Fault(
            "oihw-wide-kernel-pitch", .layoutAndOffsets,
            "In OIHW, kernels from five columns on are taken to be padded to multiples of four.", dependsOnLayout: true
        ) {
            $0.filter.strides[0] = ($0.kernelWidth + 3) / 4 * 4
        }.when { $0.filterLies(.oihw) && $0.kernelWidth >= 5 && $0.kernelWidth % 4 != 0 && $0.kernelHeight > 1 },
        Fault(
            "hwoi-grouped-filters", .layoutAndOffsets, "In HWOI, the filters of every group are those of the first.",
            dependsOnLayout: true
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, kx, c, f % it.filtersPerGroup] }
        }.when { $0.filterLies(.hwoi) && $0.isGrouped },
    ]
}
