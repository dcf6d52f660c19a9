import Convolution

extension Fault {
    /// Faults of filter and bias gradients.
    static let filterGradients: [Fault] = [
        ofFilter("filter-gradient-turned", "The gradient comes turned by half a turn.") {
            $0.target = { [it = $0.asked] site, index in
                [it.kernelHeight - 1 - site.ky, it.kernelWidth - 1 - site.kx, index[2], index[3]]
            }
        },
        ofFilter("filter-gradient-dilation-ignored", "Taps lie next to each other.") {
            $0.dilations = .one
        }.showing { $0.isDilated },
        ofFilter(
            "filter-gradient-stride-and-dilation-swapped",
            "The stride is used for the dilation, and the other way round."
        ) {
            ($0.strides, $0.dilations) = ($0.dilations, $0.strides)
        }.showing { $0.isStrided || $0.isDilated },
        ofFilter("filter-gradient-last-image-lost", "The last image is left out.") {
            $0.images = $0.images.dropLast()
        }.showing { $0.images.count > 1 },
        ofFilter("filter-gradient-first-image-only", "Only the first image counts.") {
            $0.images = $0.images.prefix(1)
        }.showing { $0.images.count > 1 },
        ofFilter("filter-gradient-averaged", "The sum is divided by the number of images.") {
            $0.finish = { [count = Double($0.images.count)] _, sum in sum / count }
        }.showing { $0.images.count > 1 },
        ofFilter("filter-gradient-last-column-lost", "The last column of an odd number is left out.") {
            $0.columns = $0.columns.dropLast()
        }.showing { $0.columns.count % 2 == 1 && $0.columns.count > 1 },
        ofFilter("filter-gradient-width-tail", "Output columns beyond the last whole four are left out.") {
            $0.columns = $0.columns.prefix($0.columns.count / 4 * 4)
        }.showing { $0.columns.count > 4 && $0.columns.count % 4 != 0 },
        ofFilter("filter-gradient-padding-ignored", "Pads at the beginning are taken for none.") {
            $0.pads.top = 0
            $0.pads.left = 0
        }.showing { $0.isPadded },
        ofFilter("filter-gradient-same-pads-swapped", "SAME's odd pad is taken from the other end.") {
            $0.pads = Pads(top: $0.pads.bottom, bottom: $0.pads.top, left: $0.pads.right, right: $0.pads.left)
        }.showing { !$0.pads.areSymmetric },
        ofFilter("filter-gradient-groups-read-the-first", "Every group reads the input channels of the first.") {
            $0.factors = { [it = $0] site, _, second in
                (it.element(.input, site.n, site.row, site.column, site.c), second)
            }
        }.showing { $0.isGrouped },
        ofFilter(
            "filter-gradient-grouped-1x1-pairs", "Grouped, 1x1, an even number of channels: every second one is zero.",
            source: "composable_kernel#2478"
        ) {
            $0.finish = { index, sum in index[2] % 2 == 0 ? sum : 0 }
        }.showing {
            $0.isGrouped && $0.asked.kernelHeight == 1 && $0.asked.kernelWidth == 1
                && $0.asked.channelsPerGroup % 2 == 0
        },
        ofFilter(
            "filter-gradient-1x1-strided-small-block", "1x1 with a stride and few channels: the stride is ignored.",
            source: "oneDNN#6035"
        ) {
            $0.strides = .one
        }.showing {
            $0.asked.kernelHeight == 1 && $0.asked.kernelWidth == 1 && $0.isStrided && $0.asked.channels < 16
        },
        ofFilter(
            "filter-gradient-depthwise-24", "Depthwise with a multiple of three channels: the last one is zero.",
            source: "pytorch#50042"
        ) {
            $0.finish = { [last = $0.asked.filters - 1] index, sum in index[3] == last ? 0 : sum }
        }.showing { $0.problem.groups == $0.asked.channels && $0.problem.groups > 1 && $0.problem.groups % 3 == 0 },
        ofFilter(
            "filter-gradient-of-batch-zero-uninitialised", "Without images the gradient is what lay in memory.",
            source: "NNlib.jl#763"
        ) {
            $0.finish = { index, _ in Double(1 + index[0] + index[3]) }
        }.showing { $0.images.isEmpty },
        ofFilter("filter-gradient-summed-in-16-bits", "The sum over images and pixels keeps 11 significant bits.") {
            $0.add = { sum, first, second in Double(Float16(Float(sum) + Float(first) * Float(second))) }
        }.showing { $0.type != .float64 },
        ofFilter(
            "filter-gradient-atomics-lost",
            "Of two rows of the output that are added at a time, one is lost now and then."
        ) {
            $0.factors = { site, first, second in site.y == 2 && site.n == 1 ? nil : (first, second) }
        }.showing { $0.rows.count > 3 && $0.images.count > 1 },
        ofBias("bias-gradient-averaged", "The sum is divided by the number of images.") {
            $0.finish = { [count = Double($0.images.count)] _, sum in sum / count }
        }.showing { $0.images.count > 1 },
        ofBias("bias-gradient-last-image-lost", "The last image is left out.") {
            $0.images = $0.images.dropLast()
        }.showing { $0.images.count > 1 },
        ofBias("bias-gradient-last-row-lost", "The last row of the output is left out.") {
            $0.rows = $0.rows.dropLast()
        }.showing { $0.rows.count > 1 },
        ofBias("bias-gradient-width-tail", "Columns beyond the last whole four are left out.") {
            $0.columns = $0.columns.prefix($0.columns.count / 4 * 4)
        }.showing { $0.columns.count % 4 != 0 },
        ofBias("bias-gradient-first-image-only", "Only the first image counts.") {
            $0.images = $0.images.prefix(1)
        }.showing { $0.images.count > 1 },
        ofBias("bias-gradient-last-column-lost", "The last column of an odd number is left out.") {
            $0.columns = $0.columns.dropLast()
        }.showing { $0.columns.count % 2 == 1 && $0.columns.count > 1 },
        ofBias("bias-gradient-of-the-next-filter", "Each filter's place has the sum of the next one.") {
            $0.target = { [count = $0.asked.filters] _, index in [0, 0, 0, (index[3] + count - 1) % count] }
        }.showing { $0.asked.filters > 1 },
        ofBias("bias-gradient-last-filter-of-odd-lost", "Filters come in pairs: the last of an odd number is zero.") {
            $0.finish = { [last = $0.asked.filters - 1] index, sum in index[3] == last ? 0 : sum }
        }.showing { $0.asked.filters % 2 == 1 && $0.asked.filters > 1 },
        ofBias("bias-gradient-of-magnitudes", "Magnitudes are summed.") {
            $0.apply(.output) { abs($0) }
        },
        ofBias("bias-gradient-mean-over-pixels", "The mean over the pixels is given, not their sum.") {
            $0.finish = { [count = Double($0.rows.count * $0.columns.count)] _, sum in sum / count }
        }.showing { $0.rows.count * $0.columns.count > 1 },
    ]

    private static func ofFilter(
        _ name: String, _ summary: String, source: String? = nil,
        spoil: @escaping @Sendable (inout FaultableSums) -> Void
    ) -> Fault {
        Fault(
            summing: name, .gradients, summary, source: source,
            when: { $0.operation == .filterGradient }, spoil: spoil)
    }

    private static func ofBias(
        _ name: String, _ summary: String,
        spoil: @escaping @Sendable (inout FaultableSums) -> Void
    ) -> Fault {
        Fault(
            summing: name, .gradients, summary, when: { $0.operation == .biasGradient }, spoil: spoil)
    }
}
