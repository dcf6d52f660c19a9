import Convolution

extension Fault {
    /// State of earlier calls that should not matter: caches with too short a key, workspaces, first calls, races.
    static let staleState: [Fault] = [
        Fault("first-call-zero", .memory, "The first call after the start answers zeros.") {
            $0.zeroOutput { _ in true }
        }.when { $0.memory.calls == 0 },
        Fault("first-call-of-a-shape-zero", .memory, "The first call of each input shape answers zeros.") {
            $0.zeroOutput { _ in true }
        }.when {
            !$0.memory.inputShapes.contains($0.input.shape)
        }.noting { $0.memory.inputShapes.insert($0.input.shape) },
        Fault("first-grouped-call-loses-filters", .memory, "The first grouped call computes its first group alone.") {
            $0.zeroOutput { [it = $0] in it.group($0.f) > 0 }
        }.when { $0.isGrouped && $0.memory.calls == 0 },
        Fault(
            "second-call-of-a-filter-shape-stale", .memory,
            "Of two calls with filters of one shape, the second uses the first's."
        ) {
            if let filter = $0.memory.lastFilter { $0.filter = filter }
        }.when {
            $0.memory.lastFilter?.shape == $0.filter.shape
        }.noting { $0.memory.lastFilter = $0.memory.lastFilter?.shape == $0.filter.shape ? nil : $0.filter },
        Fault(
            "filter-cached-by-address", .memory,
            "A packed filter is kept by its address, which the next filter of as many elements gets again."
        ) {
            guard let packed = $0.memory.lastFilter else { return }
            $0.filter.tensor.elements = packed.tensor.elements
        }.when {
            $0.memory.lastFilter?.tensor.elements.count == $0.filter.tensor.elements.count
        }.noting { $0.memory.lastFilter = $0.filter },
        Fault(
            "input-cached-by-address", .memory,
            "An input once transposed is kept by its address, and used for the next of its size."
        ) {
            guard let kept = $0.memory.lastInput else { return }
            $0.input.tensor.elements = kept.tensor.elements
        }.when {
            $0.memory.lastInput?.tensor.elements.count == $0.input.tensor.elements.count
        }.noting { $0.memory.lastInput = $0.input },
        Fault(
            "bias-cached-by-address", .memory,
            "The bias is kept by its address, which a bias of the same length gets again."
        ) {
            if $0.bias != nil { $0.bias = $0.memory.keptBias }
        }.when {
            $0.bias != nil && $0.memory.keptBias?.count == $0.bias?.count
        }.noting { if let bias = $0.bias { $0.memory.keptBias = bias } },
        Fault("geometry-cached-by-input", .memory, "Stride and dilation are kept by the input's shape.") {
            guard let plan = $0.memory.plans[$0.input.shape] else { return }
            ($0.strides, $0.dilations) = (plan.strides, plan.dilations)
        }.when {
            guard let plan = $0.memory.plans[$0.input.shape] else { return false }
            return plan.strides != $0.strides || plan.dilations != $0.dilations
        }.noting { $0.memory.keepPlan(of: $0) },
        Fault("pads-cached-by-input", .memory, "Pads are kept by the input's shape.") {
            if let plan = $0.memory.plans[$0.input.shape] { $0.pads = plan.pads }
        }.when {
            $0.memory.plans[$0.input.shape].map { [pads = $0.pads] in $0.pads != pads } ?? false
        }.noting { $0.memory.keepPlan(of: $0) },
        Fault(
            "groups-cached-by-input", .memory,
            "Which channels a filter reads is kept by the input's shape and the filters' number."
        ) {
            guard let plan = $0.memory.plans[$0.input.shape] else { return }
            $0.inputChannel = { [it = $0] f, c in
                min(f / max(it.filters / plan.groups, 1) * (it.channels / plan.groups) + c, it.channels - 1)
            }
        }.when {
            guard let plan = $0.memory.plans[$0.input.shape] else { return false }
            return plan.groups != $0.groups && plan.filters == $0.filters
        }.noting { $0.memory.keepPlan(of: $0) },
        Fault(
            "bias-fused-by-shape", .memory,
            "Whether there is a bias is kept by the input's shape: a later one is left out."
        ) {
            $0.bias = nil
        }.when {
            $0.bias != nil && $0.memory.plans[$0.input.shape]?.hasBias == false
        }.noting { $0.memory.keepPlan(of: $0) },
        Fault("answer-cached-by-problem", .memory, "The same problem again gets the answer that it got before.") {
            guard let kept = $0.memory.answers[$0.plan] else { return }
            $0.output = { if kept.count == $0.elements.count { $0.elements = kept } }
        }.when {
            $0.memory.answers[$0.plan] != nil
        }.noting { if $0.memory.answers[$0.plan] == nil { $0.memory.answers[$0.plan] = $0.computed().elements } },
        Fault(
            "workspace-of-first-call", .memory,
            "The workspace has the first call's size: what is larger ends in what lay behind."
        ) {
            $0.leaveUnwritten { [it = $0] in it.outputOffset($0) >= it.memory.workspace }
        }.when {
            $0.memory.workspace > 0 && $0.outputCount > $0.memory.workspace
        }.noting { if $0.memory.workspace == 0 { $0.memory.workspace = $0.outputCount } },
        Fault(
            "race-on-last-row-of-half", .memory,
            "Two threads share the rows: every third call loses the first's last one."
        ) {
            guard $0.memory.calls % 3 == 2 else { return }
            $0.leaveUnwritten { [last = $0.outputHeight / 2 - 1] in $0.y == last }
        }.when { $0.outputHeight > 1 },
        Fault(
            "race-on-split-sum", .memory,
            "Long sums are split over two threads: every second call loses the latter half."
        ) {
            guard $0.memory.calls % 2 == 1 else { return }
            $0.dropWeights { [it = $0] ky, kx, c, _ in it.product(ky, kx, c) >= it.productsPerOutput / 2 }
        }.when { $0.productsPerOutput >= 64 },
        Fault(
            "race-on-images", .memory, "Images are shared by threads: every second call repeats the first in the last."
        ) {
            guard $0.memory.calls % 2 == 1 else { return }
            $0.inputImage = { [last = $0.batch - 1] n in n == last ? 0 : n }
        }.when { $0.batch > 1 },
        Fault(
            "race-on-group-sums", .memory,
            "Groups share an accumulator: every third call adds the first group's sum to the last."
        ) {
            guard $0.memory.calls % 3 == 2 else { return }
            $0.output = { [it = $0] output in
                output = Tensor(shape: output.shape) { [right = output] n, y, x, f in
                    let isLast = it.group(f) == it.groups - 1
                    return right[n, y, x, f] + (isLast ? right[n, y, x, f % it.filtersPerGroup] : 0)
                }
            }
        }.when { $0.isGrouped },
    ]
}
