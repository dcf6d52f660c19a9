internal import Conformance
internal import Convolution

/// Where the elements of a tensor lie in memory that is a ``TensorView``: offsets and distances in elements.
struct ViewedMemory {
    /// How many pixels are put behind each row, and how many rows and columns an offset view begins behind.
    private static let margin = 3

    /// The distance between neighbours along each logical axis.
    let strides: Shape
    /// Where element [0, 0, 0, 0] lies.
    let origin: Int
    /// How many elements the memory has, those that are not the tensor's too.
    let count: Int
    /// The tensor's elements in the order of memory, as runs: from where in the dense tensor, where to, how many.
    let runs: [(dense: Int, viewed: Int, count: Int)]

    /// - Parameters:
    ///   - alignment: of how many elements the place of element [0, 0, 0, 0] is a multiple.
    ///   - Returns: `nil` where such a view of this tensor is a dense one, or its size is beyond `Int`.
    init?(_ view: TensorView, of role: Role, _ shape: Shape, in order: AxisOrder, alignment: Int) {
        guard role != .bias, !shape.list.contains(0), (shape.checkedCount ?? .max) < 1 << 40 else { return nil }
        let isFilter = role == .filter
        let (rows, columns) = isFilter ? (0, 1) : (1, 2)
        var padded = shape
        switch view {
        case .dense: return nil
        case .paddedRows: padded[columns] += ViewedMemory.margin
        case .offset:
            padded[rows] += 2 * ViewedMemory.margin
            padded[columns] += 2 * ViewedMemory.margin
        case .reversedBatch: if isFilter || shape[0] < 2 { return nil }
        }
        var strides = order.strides(of: padded)
        let align = { (place: Int) in (place + alignment - 1) / alignment * alignment }
        var origin = 0
        switch view {
        case .offset: origin = align(ViewedMemory.margin * (strides[rows] + strides[columns]))
        case .reversedBatch:
            let step = align(strides[0])
            (strides[0], origin) = (-step, (shape[0] - 1) * step)
        case .dense, .paddedRows: break
        }
        let last = zip(strides.list, shape.list).map { max($0 * ($1 - 1), 0) }.reduce(origin, +)
        // Behind the last element there is more of the larger image.
        count = last + 1 + (view == .offset ? origin : 0)
        runs = ViewedMemory.runs(shape, strides, origin, order)
        (self.strides, self.origin) = (strides, origin)
    }

    private static func runs(
        _ shape: Shape, _ strides: Shape, _ origin: Int, _ order: AxisOrder
    ) -> [(dense: Int, viewed: Int, count: Int)] {
        let dense = order.strides(of: shape)
        var outer = order.axes
        var length = 1
        // The innermost axes along which the view is dense make a run.
        while let axis = outer.last, shape[axis] == 1 || strides[axis] == length {
            length *= shape[axis]
            outer.removeLast()
        }
        var runs = [(dense: 0, viewed: origin, count: length)]
        for axis in outer.reversed() {
            runs = (0..<shape[axis]).flatMap { index in
                runs.map { ($0.dense + index * dense[axis], $0.viewed + index * strides[axis], $0.count) }
            }
        }
        return runs.sorted { $0.viewed < $1.viewed }
    }

    /// Puts a dense tensor's elements, each of `size` bytes, where they lie.
    func scatter(_ dense: UnsafeRawBufferPointer, to viewed: UnsafeMutableRawBufferPointer, size: Int) {
        for run in runs {
            UnsafeMutableRawBufferPointer(rebasing: viewed[run.viewed * size..<(run.viewed + run.count) * size])
                .copyMemory(from: .init(rebasing: dense[run.dense * size..<(run.dense + run.count) * size]))
        }
    }

    /// The elements of a tensor that lies so, dense.
    func gather(_ viewed: UnsafeRawBufferPointer, to dense: UnsafeMutableRawBufferPointer, size: Int) {
        for run in runs {
            UnsafeMutableRawBufferPointer(rebasing: dense[run.dense * size..<(run.dense + run.count) * size])
                .copyMemory(from: .init(rebasing: viewed[run.viewed * size..<(run.viewed + run.count) * size]))
        }
    }

    /// The bytes between the runs, which are not the tensor's, from the first byte of memory to the last.
    func gaps(size: Int) -> [Range<Int>] {
        var gaps: [Range<Int>] = []
        var end = 0
        for run in runs {
            if run.viewed > end { gaps.append(end * size..<run.viewed * size) }
            end = run.viewed + run.count
        }
        if end < count { gaps.append(end * size..<count * size) }
        return gaps
    }
}
