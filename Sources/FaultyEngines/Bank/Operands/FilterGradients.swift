import Convolution

extension Fault {
    /// Faults of filter and bias gradients.
    static let filterGradients: [Fault] = [
        ofFilter("filter-gradient-turned", "The gradient comes turned by half a turn.") {
            $0.target = { [it = $0.asked] site, index in
                [it.kernelHeight - 1 - site.ky, it.kernelWidth - 1 - site.kx, index[2], index[3]]
            }
        },
        ofFilter("filter-gradient-dilation-ignored", "Taps lie next to each other.", when: { $0.isDilated }) {
            $0.dilations = .one
        },
        ofFilter(
            "filter-gradient-stride-and-dilation-swapped",
            "The stride is used for the dilation, and the other way round.",
            when: { $0.isStrided || $0.isDilated }
        ) {
            ($0.strides, $0.dilations) = ($0.dilations, $0.strides)
        },
        ofFilter("filter-gradient-last-image-lost", "The last image is left out.", when: { $0.images.count > 1 }) {
            $0.images = $0.images.dropLast()
        },
        ofFilter("filter-gradient-first-image-only", "Only the first image counts.", when: { $0.images.count > 1 }) {
            $0.images = $0.images.prefix(1)
        },
        ofFilter(
            "filter-gradient-averaged", "The sum is divided by the number of images.", when: { $0.images.count > 1 }
        ) {
            $0.finish = { [count = Double($0.images.count)] _, sum in sum / count }
        },
        ofFilter(
            "filter-gradient-last-column-lost", "The last column of an odd number is left out.",
            when: { $0.columns.count % 2 == 1 && $0.columns.count > 1 }
        ) {
            $0.columns = $0.columns.dropLast()
        },
        ofFilter(
            "filter-gradient-width-tail", "Output columns beyond the last whole four are left out.",
            when: { $0.columns.count > 4 && $0.columns.count % 4 != 0 }
        ) {
            $0.columns = $0.columns.prefix($0.columns.count / 4 * 4)
        },
        ofFilter("filter-gradient-padding-ignored", "Pads at the beginning are taken for none.", when: { $0.isPadded })
        {
            $0.pads.top = 0
            $0.pads.left = 0
        },
        ofFilter(
            "filter-gradient-same-pads-swapped", "SAME's odd pad is taken from the other end.",
            when: { !$0.pads.areSymmetric }
        ) {
            $0.pads = Pads(top: $0.pads.bottom, bottom: $0.pads.top, left: $0.pads.right, right: $0.pads.left)
        },
        ofFilter(
            "filter-gradient-groups-read-the-first", "Every group reads the input channels of the first.",
            when: { $0.isGrouped }
        ) {
            $0.factors = { [it = $0] site, _, second in
                (it.element(.input, site.n, site.row, site.column, site.c), second)
            }
        },
        ofFilter(
            "filter-gradient-grouped-1x1-pairs", "Grouped, 1x1, an even number of channels: every second one is zero.",
            source: "composable_kernel#2478",
            when: {
                $0.isGrouped && $0.asked.kernelHeight == 1 && $0.asked.kernelWidth == 1
                    && $0.asked.channelsPerGroup % 2 == 0
            }
        ) {
            $0.finish = { index, sum in index[2] % 2 == 0 ? sum : 0 }
        },
        ofFilter(
            "filter-gradient-1x1-strided-small-block", "1x1 with a stride and few channels: the stride is ignored.",
            source: "oneDNN#6035",
            when: {
                $0.asked.kernelHeight == 1 && $0.asked.kernelWidth == 1 && $0.isStrided && $0.asked.channels < 16
            }
        ) {
            $0.strides = .one
        },
        ofFilter(
            "filter-gradient-depthwise-24", "Depthwise with a multiple of three channels: the last one is zero.",
            source: "pytorch#50042",
            when: { $0.problem.groups == $0.asked.channels && $0.problem.groups > 1 && $0.problem.groups % 3 == 0 }
        ) {
            $0.finish = { [last = $0.asked.filters - 1] index, sum in index[3] == last ? 0 : sum }
        },
        ofFilter(
            "filter-gradient-of-batch-zero-uninitialised", "Without images the gradient is what lay in memory.",
            source: "NNlib.jl#763", when: { $0.images.isEmpty }
        ) {
            $0.finish = { index, _ in Double(1 + index[0] + index[3]) }
        },
        ofFilter(
            "filter-gradient-summed-in-16-bits", "The sum over images and pixels keeps 11 significant bits.",
            when: { $0.type != .float64 }
        ) {
            $0.add = { sum, first, second in Double(Float16(Float(sum) + Float(first) * Float(second))) }
        },
        ofFilter(
            "filter-gradient-atomics-lost",
            "Of two rows of the output that are added at a time, one is lost now and then.",
            when: { $0.rows.count > 3 && $0.images.count > 1 }
        ) {
            $0.factors = { site, first, second in site.y == 2 && site.n == 1 ? nil : (first, second) }
        },
        ofBias("bias-gradient-averaged", "The sum is divided by the number of images.", when: { $0.images.count > 1 }) {
            $0.finish = { [count = Double($0.images.count)] _, sum in sum / count }
        },
        ofBias("bias-gradient-last-image-lost", "The last image is left out.", when: { $0.images.count > 1 }) {
            $0.images = $0.images.dropLast()
        },
        ofBias("bias-gradient-last-row-lost", "The last row of the output is left out.", when: { $0.rows.count > 1 }) {
            $0.rows = $0.rows.dropLast()
        },
        ofBias(
            "bias-gradient-width-tail", "Columns beyond the last whole four are left out.",
            when: { $0.columns.count % 4 != 0 }
        ) {
            $0.columns = $0.columns.prefix($0.columns.count / 4 * 4)
        },
        ofBias(
            "bias-gradient-mean-over-pixels", "The mean over the pixels is given, not their sum.",
            when: { $0.rows.count * $0.columns.count > 1 }
        ) {
            $0.finish = { [count = Double($0.rows.count * $0.columns.count)] _, sum in sum / count }
        },
    ]

    private static func ofFilter(
        _ name: String, _ summary: String, source: String? = nil,
        when trigger: @escaping @Sendable (FaultableSums) -> Bool = { _ in true },
        spoil: @escaping @Sendable (inout FaultableSums) -> Void
    ) -> Fault {
        Fault(
            summing: name, .gradients, summary, source: source,
            when: { $0.operation == .filterGradient && trigger($0) }, spoil: spoil)
    }

    private static func ofBias(
        _ name: String, _ summary: String, when trigger: @escaping @Sendable (FaultableSums) -> Bool,
        spoil: @escaping @Sendable (inout FaultableSums) -> Void
    ) -> Fault {
        Fault(
            summing: name, .gradients, summary, when: { $0.operation == .biasGradient && trigger($0) }, spoil: spoil)
    }
}
