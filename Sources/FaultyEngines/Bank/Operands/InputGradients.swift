import Convolution

extension Fault {
    /// Faults of input gradients, and of transposed convolutions.
    static let inputGradients: [Fault] = [
        ofInput("input-gradient-filter-not-turned", "The filter is not turned by half a turn.") {
            $0.factors = { [it = $0] site, first, _ in
                (
                    first,
                    it.element(
                        .filter, it.asked.kernelHeight - 1 - site.ky, it.asked.kernelWidth - 1 - site.kx, site.c, site.f
                    )
                )
            }
        },
        ofInput("input-gradient-stride-ignored", "The output's gradient is not spread apart by the stride.") {
            $0.strides = .one
        }.showing { $0.isStrided },
        ofInput("input-gradient-strides-swapped", "Strides along rows and columns are swapped.") {
            $0.strides = Extent(height: $0.strides.width, width: $0.strides.height)
        }.showing { $0.isStrided },
        ofInput("input-gradient-dilation-ignored", "Taps lie next to each other.") {
            $0.dilations = .one
        }.showing { $0.isDilated },
        ofInput("input-gradient-same-pads-swapped", "SAME's odd pad is taken from the other end.") {
            $0.pads = Pads(top: $0.pads.bottom, bottom: $0.pads.top, left: $0.pads.right, right: $0.pads.left)
        }.showing { !$0.pads.areSymmetric },
        ofInput("input-gradient-pads-not-cropped", "What reaches into the padding is kept at the image's edge.") {
            $0.pads.top = 0
            $0.pads.left = 0
        }.showing { $0.isPadded },
        ofInput(
            "input-gradient-grouped-and-strided",
            "With groups and a stride, filters of the first group are read for all.",
            source: "mlx#3800"
        ) {
            $0.factors = { [it = $0] site, first, _ in
                (first, it.element(.filter, site.ky, site.kx, site.c, site.f % it.asked.filtersPerGroup))
            }
        }.showing { $0.isGrouped && $0.isStrided },
        ofInput("input-gradient-groups-ignored", "Every group's gradient goes to the channels of the first group.") {
            $0.target = { site, index in [index[0], index[1], index[2], site.c] }
        }.showing { $0.isGrouped },
        ofInput(
            "input-gradient-pad-beyond-kernel", "A pad larger than the kernel is cut to the kernel.", source: "mlx#833"
        ) {
            $0.pads.top = min($0.pads.top, $0.asked.kernelHeight)
            $0.pads.left = min($0.pads.left, $0.asked.kernelWidth)
        }.showing { $0.pads.top > $0.asked.kernelHeight || $0.pads.left > $0.asked.kernelWidth },
        ofInput("input-gradient-overlaps-overwritten", "Where windows overlap, the last one is stored, not their sum.")
        {
            $0.factors = { [last = $0.asked] site, first, second in
                // Of the windows that reach a pixel, the last along the row.
                let isLast = site.kx < last.strides.width || site.x == last.outputWidth - 1
                return isLast ? (first, second) : nil
            }
        }.showing { $0.asked.kernelWidth > $0.strides.width && $0.bias == nil },
        ofInput(
            "input-gradient-leftover-rows-missing",
            "The rows and columns behind the last window take the bias of none."
        ) {
            $0.finish = { [it = $0] index, sum in
                let rows = (it.asked.outputHeight - 1) * it.strides.height + it.asked.kernelHeight - it.pads.top
                return index[1] >= rows ? 0 : sum
            }
        }.showing { $0.hasLeftover && $0.bias != nil },
        ofInput("input-gradient-last-row-lost", "With leftover rows the last row of the output takes no part.") {
            $0.rows = $0.rows.dropLast()
        }.showing { $0.hasLeftover },
        ofInput(
            "input-gradient-narrow-strided-tail",
            "Strided columns, more than 16 channels, narrow images: the last column is wrong.",
            source: "fujitsu/oneDNN#43"
        ) {
            $0.columns = $0.columns.dropLast()
        }.showing { $0.strides.width > 1 && $0.asked.channels > 16 && $0.asked.width < 17 },
        ofInput("input-gradient-last-image-lost", "The last image of a batch is left out.") {
            $0.images = $0.images.dropLast()
        }.showing { $0.images.count > 1 },
        ofInput("input-gradient-bias-of-filters", "The bias is taken by filter, not by channel.") {
            $0.finish = { [it = $0] index, sum in
                let bias = it.bias ?? []
                return sum - bias[index[3]] + bias[(index[3] + 1) % bias.count]
            }
        }.showing { $0.bias != nil && $0.asked.channels > 1 },
        ofInput("input-gradient-bias-ignored", "The bias is left out.") {
            $0.bias = nil
        }.showing { $0.bias != nil },
        ofInput("input-gradient-bias-at-each-tap", "The bias is added once for each image of the batch.") {
            $0.bias = $0.bias.map { [count = Double($0.images.count)] in $0.map { $0 * count } }
        }.showing { $0.bias != nil && $0.images.count > 1 },
        ofInput(
            "input-gradient-channels-filters-swapped", "A square filter is read with channels and filters exchanged."
        ) {
            $0.factors = { [it = $0] site, first, _ in (first, it.element(.filter, site.ky, site.kx, site.f, site.c)) }
        }.showing { !$0.isGrouped && $0.asked.channels == $0.asked.filters },
        ofInput(
            "input-gradient-gemm-path-for-all-1x1", "1x1 kernels are taken for a plain product, also with a stride."
        ) {
            $0.strides = .one
        }.showing { $0.asked.kernelHeight == 1 && $0.asked.kernelWidth == 1 && $0.isStrided },
        ofInput("input-gradient-kernel-transposed", "Rows and columns of the kernel are exchanged.") {
            $0.factors = { [it = $0] site, first, _ in (first, it.element(.filter, site.kx, site.ky, site.c, site.f)) }
        }.showing { $0.asked.kernelHeight == $0.asked.kernelWidth && $0.asked.kernelHeight > 1 },
        ofInput("input-gradient-averaged", "The sum is divided by the number of images.") {
            $0.finish = { [count = Double($0.images.count)] _, sum in sum / count }
        }.showing { $0.images.count > 1 },
    ]

    private static func ofInput(
        _ name: String, _ summary: String, source: String? = nil,
        spoil: @escaping @Sendable (inout FaultableSums) -> Void
    ) -> Fault {
        Fault(
            summing: name, .gradients, summary, source: source,
            when: { $0.operation == .inputGradient }, spoil: spoil)
    }
}
