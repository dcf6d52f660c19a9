/// Which products each element of an answer sums, for every operation: the one statement of the index relation.
///
/// An output pixel (y, x) and a kernel tap (ky, kx) meet at the input pixel (y * strideH + ky * dilationH - top,
/// x * strideW + kx * dilationW - left), where that lies inside the image. With n the image, f the filter and c the channel
/// of f's group,
///
///     output[n, y, x, f]         = sum over ky, kx, c of input * filter
///     input gradient[n, .., c]   = sum over the (y, x, ky, kx) that meet there, and f, of output * filter
///     filter gradient[ky, kx, c, f] = sum over n, y, x of input * output
///     bias gradient[f]           = sum over n, y, x of output
///
/// Products come in runs of equal steps through memory, as long as the tensors' memory orders allow.
public struct ProductRuns: Sendable {
    /// Products of elements that lie `step` apart in two tensors; of a bias gradient the second tensor is the number 1.
    public struct Run {
        /// The place of the first element in memory.
        public let first: Int
        public let firstStep: Int
        public let second: Int
        public let secondStep: Int
        public let count: Int

        @inlinable
        init(first: Int, firstStep: Int, second: Int, secondStep: Int, count: Int) {
            (self.first, self.firstStep, self.second, self.secondStep) = (first, firstStep, second, secondStep)
            self.count = count
        }
    }

    public let geometry: Geometry
    public let operation: Operation
    /// The distances in memory along the logical axes of ``Operation/factors``.
    @usableFromInline let firstStrides: Shape
    @usableFromInline let secondStrides: Shape
    /// Of each group. Taken from the geometry once, since each is a division there.
    @usableFromInline let (channels, filters): (Int, Int)
    /// Of an output: whether a run goes on from a column of the kernel to the next, and with which steps.
    @usableFromInline let (joinsColumns, steps): (Bool, (first: Int, second: Int))
    /// Of an output: the steps from a column of the kernel to the next, and that of the first factor from a row to the next.
    @usableFromInline let (columnSteps, rowStep): ((first: Int, second: Int), Int)

    /// - Parameters:
    ///   - first: how the first of ``Operation/factors`` lies in memory.
    ///   - second: how the second does; not used for a bias gradient.
    public init(_ geometry: Geometry, _ operation: Operation, first: AxisOrder = .logical, second: AxisOrder = .logical)
    {
        self.geometry = geometry
        self.operation = operation
        let factors = operation.factors
        firstStrides = first.strides(of: geometry.shape(of: factors[0]))
        secondStrides = factors.count < 2 ? [0, 0, 0, 0] : second.strides(of: geometry.shape(of: factors[1]))
        (channels, filters) = (geometry.channelsPerGroup, geometry.filtersPerGroup)
        // A dilation of a kernel of one row or column may be beyond all memory.
        rowStep = geometry.dilations.height &* firstStrides[1]
        let columns = (first: geometry.dilations.width &* firstStrides[2], second: secondStrides[1])
        let within = (first: firstStrides[3], second: secondStrides[2])
        joinsColumns =
            operation == .forward
            && (channels == 1 || columns == (first: channels &* within.first, second: channels &* within.second))
        steps = channels == 1 ? columns : within
        columnSteps = columns
    }

    /// How many elements side by side along the answer's last axis have the same runs, ``lastAxisSteps`` apart: those of a group, and of
    /// a depthwise convolution all.
    public var lanes: Int {
        let count = geometry.shape(of: operation.answer)[3]
        return operation == .biasGradient || isDepthwise ? count : count / geometry.groups
    }

    /// Whether a group has one channel and one filter, and an element of the answer one product a tap.
    private var isDepthwise: Bool {
        (operation == .forward || operation == .inputGradient) && geometry.channelsPerGroup == 1
            && geometry.filtersPerGroup == 1
    }

    /// How far the factors' places move from an element of the answer to the next along its last axis, within ``lanes``.
    public var lastAxisSteps: (first: Int, second: Int) {
        if isDepthwise { return (firstStrides[3], secondStrides[3]) }
        return switch operation {
        case .forward, .filterGradient: (0, secondStrides[3])
        case .inputGradient: (0, secondStrides[2])
        case .biasGradient: (firstStrides[3], 0)
        }
    }

    /// Which elements along the answer's second or third axis have the same runs, but for the places in the first factor:
    /// those are `step` further from each to the next. None where they are not an output's.
    public func alike(along axis: Int) -> (elements: Range<Int>, step: Int) {
        guard operation == .forward else { return (0..<0, 0) }
        let (elements, stride) =
            axis == 1
            ? (geometry.rowsInside, geometry.strides.height) : (geometry.columnsInside, geometry.strides.width)
        return (elements, stride &* firstStrides[axis])
    }

    /// Calls `body` with the runs of the answer's element at logical indices.
    ///
    /// Runs come in the order of ky, kx for an output or an input gradient, and of n, y for the other two.
    @inlinable
    @inline(__always)
    public func forEach(_ i: Int, _ j: Int, _ k: Int, _ l: Int, _ body: (Run) -> Void) {
        switch operation {
        case .forward: forEachOfOutput(i, j, k, l, body)
        case .inputGradient: forEachOfInput(i, j, k, l, body)
        case .filterGradient: forEachOfFilter(i, j, k, l, body)
        case .biasGradient: forEachOfBias(l, body)
        }
    }

    @inlinable
    @inline(__always)
    func forEachOfOutput(_ n: Int, _ y: Int, _ x: Int, _ f: Int, _ body: (Run) -> Void) {
        let (rows, columns) = (geometry.kernelRows(meeting: y), geometry.kernelColumns(meeting: x))
        if channels == 0 || rows.isEmpty || columns.isEmpty { return }
        let row = y * geometry.strides.height + rows.lowerBound * geometry.dilations.height - geometry.pads.top
        let column = x * geometry.strides.width + columns.lowerBound * geometry.dilations.width - geometry.pads.left
        var first =
            n * firstStrides[0] + row * firstStrides[1] + column * firstStrides[2]
            + group(ofFilter: f) * channels * firstStrides[3]
        var second =
            rows.lowerBound * secondStrides[0] + columns.lowerBound * secondStrides[1] + f * secondStrides[3]
        for _ in rows {
            if joinsColumns {
                body(
                    Run(
                        first: first, firstStep: steps.first, second: second, secondStep: steps.second,
                        count: columns.count * channels))
            } else {
                for turn in 0..<columns.count {
                    body(
                        Run(
                            first: first + turn * columnSteps.first, firstStep: steps.first,
                            second: second + turn * columnSteps.second, secondStep: steps.second, count: channels))
                }
            }
            first &+= rowStep
            second += secondStrides[0]
        }
    }

    @inlinable
    @inline(__always)
    func forEachOfInput(_ n: Int, _ row: Int, _ column: Int, _ channel: Int, _ body: (Run) -> Void) {
        let count = filters
        if count == 0 { return }
        let (f, c) = filterAndChannel(channel)
        for ky in 0..<geometry.kernelHeight {
            guard let y = geometry.outputRow(row, ky) else { continue }
            for kx in 0..<geometry.kernelWidth {
                guard let x = geometry.outputColumn(column, kx) else { continue }
                body(
                    Run(
                        first: n * firstStrides[0] + y * firstStrides[1] + x * firstStrides[2] + f * firstStrides[3],
                        firstStep: firstStrides[3],
                        second: ky * secondStrides[0] + kx * secondStrides[1] + c * secondStrides[2]
                            + f * secondStrides[3],
                        secondStep: secondStrides[3], count: count))
            }
        }
    }

    @inlinable
    @inline(__always)
    func forEachOfFilter(_ ky: Int, _ kx: Int, _ c: Int, _ f: Int, _ body: (Run) -> Void) {
        let channel = group(ofFilter: f) * channels + c
        let columns = geometry.outputColumns(meeting: kx)
        guard let x = columns.first, let column = geometry.inputColumn(x, kx) else { return }
        for n in 0..<geometry.batch {
            for y in 0..<geometry.outputHeight {
                guard let row = geometry.inputRow(y, ky) else { continue }
                body(
                    Run(
                        first: n * firstStrides[0] + row * firstStrides[1] + column * firstStrides[2]
                            + channel * firstStrides[3],
                        firstStep: geometry.strides.width &* firstStrides[2],
                        second: n * secondStrides[0] + y * secondStrides[1] + x * secondStrides[2]
                            + f * secondStrides[3],
                        secondStep: secondStrides[2], count: columns.count))
            }
        }
    }

    @inlinable
    @inline(__always)
    func forEachOfBias(_ f: Int, _ body: (Run) -> Void) {
        if geometry.outputWidth == 0 { return }
        for n in 0..<geometry.batch {
            for y in 0..<geometry.outputHeight {
                body(
                    Run(
                        first: n * firstStrides[0] + y * firstStrides[1] + f * firstStrides[3],
                        firstStep: firstStrides[2], second: 0, secondStep: 0, count: geometry.outputWidth))
            }
        }
    }

    @inlinable
    func group(ofFilter f: Int) -> Int {
        geometry.groups == 1 ? 0 : f / filters
    }

    /// The first filter of an input channel's group, and the place of the channel in the group.
    @inlinable
    func filterAndChannel(_ channel: Int) -> (filter: Int, channel: Int) {
        if geometry.groups == 1 { return (0, channel) }
        let (group, c) = channel.quotientAndRemainder(dividingBy: channels)
        return (group * filters, c)
    }
}

extension Geometry {
    /// The output row at which row `kernelRow` of the kernel meets an input row, or `nil` where none does.
    @inlinable
    public func outputRow(_ inputRow: Int, _ kernelRow: Int) -> Int? {
        Geometry.output(inputRow + pads.top - kernelRow * dilations.height, strides.height, outputHeight)
    }

    /// The output column at which column `kernelColumn` of the kernel meets an input column, or `nil` where none does.
    @inlinable
    public func outputColumn(_ inputColumn: Int, _ kernelColumn: Int) -> Int? {
        Geometry.output(inputColumn + pads.left - kernelColumn * dilations.width, strides.width, outputWidth)
    }

    @inlinable
    static func output(_ offset: Int, _ stride: Int, _ extent: Int) -> Int? {
        guard offset >= 0, offset % stride == 0, offset / stride < extent else { return nil }
        return offset / stride
    }

    /// The output columns at which a column of the kernel lies over the image, not over a pad.
    @inlinable
    public func outputColumns(meeting kernelColumn: Int) -> Range<Int> {
        Geometry.inside(
            from: kernelColumn * dilations.width - pads.left, step: strides.width, count: outputWidth, extent: width)
    }

    /// The rows of the kernel that lie over the image, not over a pad, at an output row.
    @inlinable
    func kernelRows(meeting outputRow: Int) -> Range<Int> {
        Geometry.inside(
            from: outputRow * strides.height - pads.top, step: dilations.height, count: kernelHeight, extent: height)
    }

    /// The columns of the kernel that lie over the image, not over a pad, at an output column.
    @inlinable
    func kernelColumns(meeting outputColumn: Int) -> Range<Int> {
        Geometry.inside(
            from: outputColumn * strides.width - pads.left, step: dilations.width, count: kernelWidth, extent: width)
    }

    /// The output rows at which the whole kernel lies over the image's rows.
    var rowsInside: Range<Int> {
        Geometry.inside(
            from: -pads.top, step: strides.height, count: outputHeight,
            extent: height - (kernelHeight - 1) * dilations.height)
    }

    /// The output columns at which the whole kernel lies over the image's columns.
    var columnsInside: Range<Int> {
        Geometry.inside(
            from: -pads.left, step: strides.width, count: outputWidth,
            extent: width - (kernelWidth - 1) * dilations.width)
    }

    /// The turns at which `first + turn * step` lies in `0..<extent`.
    @inlinable
    static func inside(from first: Int, step: Int, count: Int, extent: Int) -> Range<Int> {
        if first >= 0, first + (count - 1) * step < extent { return 0..<count }
        let start = first >= 0 ? 0 : min((-first - 1) / step + 1, count)
        let end = first >= extent ? 0 : min((extent - first - 1) / step + 1, count)
        return start..<max(start, end)
    }
}
