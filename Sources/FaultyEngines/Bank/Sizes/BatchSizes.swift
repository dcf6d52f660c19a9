import Convolution

extension Fault {
    /// Wrong from an image of the batch on, together with something else.
    static let batchSizes: [Fault] = [
        Fault(
            "batch-behind-sixteen-without-bias", .sizes,
            "Images are taken in blocks of 16; only the first adds the bias."
        ) {
            let bias = $0.bias ?? []
            $0.element = { place, value in place.n < 16 || bias.isEmpty ? value : value - bias[place.f] }
        }.when { $0.batch > 16 && $0.bias != nil },
        Fault(
            "batch-behind-four-dilated", .sizes, "Dilated: images from the fifth on are read four images too early."
        ) {
            $0.inputImage = { n in n < 4 ? n : n - 4 }
        }.when { $0.batch > 4 && $0.isDilated },
        Fault(
            "batch-behind-eight-grouped", .sizes, "Grouped: blocks of eight images; a last, partial block stays zero."
        ) {
            $0.zeroOutput { [full = $0.batch / 8 * 8] in $0.n >= full }
        }.when { $0.batch > 8 && $0.batch % 8 != 0 && $0.isGrouped },
        Fault("batch-in-four-bits-strided", .sizes, "Strided: an image's number is kept in four bits.") {
            $0.inputImage = { n in n % 16 }
        }.when { $0.batch > 16 && $0.isStrided },
        Fault(
            "batched-three-by-three-beyond-six", .sizes,
            "3x3 on several images with more than six channels: the last image is computed from the first."
        ) {
            $0.inputImage = { [last = $0.batch - 1] n in n == last ? 0 : n }
        }.when { $0.batch > 1 && $0.kernelHeight == 3 && $0.kernelWidth == 3 && $0.channelsPerGroup > 6 },
        Fault("batch-pairs-depthwise", .sizes, "Depthwise: of an odd batch above 4 the last image stays zero.") {
            $0.zeroOutput { [last = $0.batch - 1] in $0.n == last }
        }.when { $0.batch > 4 && $0.batch % 2 == 1 && $0.isDepthwise },
        Fault("batch-behind-two-cropped", .sizes, "Cropped: images from the third on are not computed.") {
            $0.zeroOutput { $0.n >= 2 }
        }.when { $0.batch > 2 && $0.isCropped },
        Fault("batch-behind-thirty-two", .sizes, "A warp of 32 images; the 33rd repeats the first.") {
            $0.inputImage = { n in n % 32 }
        }.when { $0.batch > 32 },
        Fault(
            "batch-behind-eight-same", .sizes,
            "SAME on more than eight images: those behind the eighth lose the last row, which reaches into the pad."
        ) {
            $0.zeroOutput { [last = $0.outputHeight - 1] in $0.n >= 8 && $0.y == last }
        }.when { $0.batch > 8 && $0.isSame && $0.pads.bottom > 0 },
        Fault(
            "batch-behind-four-wide-kernel", .sizes, "Kernels from 7 on: images from the fifth on use the first's rows."
        ) {
            $0.inputImage = { n in n < 4 ? n : 0 }
        }.when { $0.batch > 4 && max($0.kernelHeight, $0.kernelWidth) >= 7 },
        Fault(
            "batch-times-filters-beyond-512", .sizes,
            "Images and filters share a launch grid of 512; what lies behind it is not computed."
        ) {
            $0.zeroOutput { [filters = $0.filters] in $0.n * filters + $0.f >= 512 }
        }.when { $0.batch * $0.filters > 512 && $0.batch >= 3 },
    ]
}
