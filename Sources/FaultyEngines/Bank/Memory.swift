import Convolution

extension Fault {
    static let memory: [Fault] = [
        Fault(
            "output-not-cleared", .memory, "Results are added to what the last call left in an output of the same size."
        ) {
            guard $0.memory.lastOutput.count == $0.outputCount else { return }
            $0.element = { [it = $0] place, value in value + it.memory.lastOutput[it.outputOffset(place)] }
        },
        Fault("last-row-unwritten", .memory, "Rows behind the last full tile of four are never written.") {
            $0.leaveUnwritten { [full = $0.outputHeight / 4 * 4] in $0.y >= full }
        }.when { $0.outputHeight > 4 && $0.outputHeight % 4 != 0 },
        Fault(
            "pad-only-unwritten", .memory,
            "Where a window lies in the padding alone, the output is never written.", source: "ComputeLibrary#395"
        ) {
            $0.leaveUnwritten { [it = $0] place in
                let (top, left) = it.position(Tap(place: place, ky: 0, kx: 0, c: 0))
                return top + it.reach.height <= 0 || top >= it.height || left + it.reach.width <= 0 || left >= it.width
            }
        }.when { $0.isPadded },
        Fault("stale-filter", .memory, "A filter once packed is used again for every filter of its shape.") {
            $0.filter = $0.memory.filters[$0.filter.shape] ?? $0.filter
            $0.memory.filters[$0.filter.shape] = $0.filter
        },
        Fault("stale-bias", .memory, "The last call's bias is used where there are as many filters.") {
            if $0.memory.lastBias.count == $0.filters { $0.bias = $0.memory.lastBias }
        }.when { $0.bias != nil },
        Fault(
            "bias-left-behind", .memory, "A call without bias adds the last one's, where there are as many filters."
        ) {
            if $0.bias == nil, $0.memory.lastBias.count == $0.filters { $0.bias = $0.memory.lastBias }
        },
        Fault("pad-border-not-cleared", .memory, "The border of the padded copy holds what the last call left there.") {
            $0.padValue = $0.memory.leftover(at: 0)
        }.when { $0.isPadded },
        Fault(
            "third-call-differs", .memory, "Every third call loses the last tap, as a race would.", source: "mlx#1882"
        ) {
            guard $0.memory.calls % 3 == 2 else { return }
            $0.dropWeights { [it = $0] ky, kx, c, _ in it.product(ky, kx, c) == it.productsPerOutput - 1 }
        },
        Fault("right-pad-reads-next-row", .memory, "Beyond the right edge the next row is read.") {
            $0.inputColumn = { _, _, column in column < 0 ? nil : column }
        }.when { $0.pads.right > 0 },
        Fault("left-pad-reads-row-before", .memory, "Before the left edge the end of the row before is read.") {
            $0.inputColumn = { [width = $0.width] _, _, column in column < width ? column : nil }
        }.when { $0.pads.left > 0 },
        Fault(
            "bottom-pad-reads-next-image", .memory,
            "Below the last row the next image is read.", source: "tinyengine#95"
        ) {
            $0.inputRow = { _, _, row in row < 0 ? nil : row }
        }.when { $0.pads.bottom > 0 && $0.batch > 1 },
        Fault(
            "input-index-overflow", .memory,
            "An index into the input overflows (at 4096, where a 32-bit one would at 2^31).",
            source: "tensorflow#112776"
        ) {
            $0.tap = { [it = $0] tap, value in
                let (row, column) = it.position(tap)
                let (shape, channel) = (it.input.shape, it.channel(tap.place.f, tap.c))
                let offset = ((tap.place.n * shape[1] + row) * shape[2] + column) * shape[3] + channel
                return offset < 4096 ? value : it.input.tensor.elements[offset % 4096]
            }
        }.when { $0.input.shape.count > 4096 },
        Fault(
            "filter-index-overflow", .memory,
            "An index into the filter overflows (at 4096, where a 32-bit one would at 2^31)."
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in
                it.filter.tensor.elements[(it.product(ky, kx, c) * it.filters + f) % 4096]
            }
        }.when { $0.filter.shape.count > 4096 },
        Fault("channel-index-in-eight-bits", .memory, "A channel's number is kept in eight bits.") {
            $0.inputChannel = { [it = $0] f, c in it.channel(f, c) % 256 }
        }.when { $0.channels > 256 },
        Fault(
            "batch-beyond-grid", .memory,
            "Images beyond the launch grid are not computed (from the third on, where a GPU's limit is 65,535).",
            source: "tensorflow#9870"
        ) {
            $0.zeroOutput { $0.n >= 2 }
        }.when { $0.batch > 2 },
        Fault(
            "filters-beyond-grid", .memory,
            "Filters beyond the launch grid are not computed (from the 33rd on, where the limit was 65,536).",
            source: "pytorch#129207"
        ) {
            $0.zeroOutput { $0.f >= 32 }
        }.when { $0.filters > 32 },
        Fault(
            "positions-beyond-grid", .memory,
            "Output positions beyond the launch grid are not computed (from the 129th on, where the limit was 65,536).",
            source: "mlx#3893"
        ) {
            $0.zeroOutput { [width = $0.outputWidth] in $0.y * width + $0.x >= 128 }
        }.when { $0.outputHeight * $0.outputWidth > 128 },
    ]
}
