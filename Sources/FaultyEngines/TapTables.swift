import Convolution

/// Where the taps of a convolution lie, looked up once for each axis instead of once for every product.
///
/// Hooks that say what is read cost nothing in the loops: they are asked here.
struct TapTables {
    /// The offset of the image that is read, for each image of the batch.
    let images: [Int]
    /// `[output rows, kernel rows]`: the offset of the row that is read.
    let rows: [Int]
    /// `[output columns, kernel columns]`: the offset of the column that is read.
    let columns: [Int]
    /// `[filters, channels / groups]`: the offset of the channel that is read.
    let channels: [Int]
    /// `[kernel rows, kernel columns, channels / groups, filters]`.
    let weights: [Float]
    /// Batch, output rows and columns, filters, kernel rows and columns, channels a group.
    let extents: [Int]

    /// What stands in `rows` and `columns` for the padding.
    static let padding = Int.min

    init(_ convolution: FaultableConvolution) {
        let it = convolution
        let stride = it.input.strides
        images = (0..<it.batch).map { n in (it.inputImage?(n) ?? n) * stride[0] + it.input.start }
        rows = TapTables.pairs(it.outputHeight, it.kernelHeight) { y, ky in
            let row = y * it.strides.height + ky * it.dilations.height - it.pads.top
            let read = if let hook = it.inputRow { hook(y, ky, row) } else { it.inHeight(row) }
            return read.map { $0 * stride[1] } ?? TapTables.padding
        }
        columns = TapTables.pairs(it.outputWidth, it.kernelWidth) { x, kx in
            let column = x * it.strides.width + kx * it.dilations.width - it.pads.left
            let read = if let hook = it.inputColumn { hook(x, kx, column) } else { it.inWidth(column) }
            return read.map { $0 * stride[2] } ?? TapTables.padding
        }
        channels = TapTables.pairs(it.filters, it.channelsPerGroup) { f, c in
            (it.inputChannel?(f, c) ?? it.channel(f, c)) * stride[3]
        }
        weights = TapTables.weights(it)
        extents = [
            it.batch, it.outputHeight, it.outputWidth, it.filters, it.kernelHeight, it.kernelWidth, it.channelsPerGroup,
        ]
    }

    /// Whether two filters read the same channels.
    func readsSameChannels(_ first: Int, _ second: Int, _ count: Int) -> Bool {
        (0..<count).allSatisfy { channels[first * count + $0] == channels[second * count + $0] }
    }

    /// Whether every tap lies within so many elements.
    func stay(inside count: Int) -> Bool {
        var (lowest, highest) = (0, 0)
        for table in [images, rows, columns, channels] {
            let read = table.lazy.filter { $0 != TapTables.padding }
            guard let least = read.min(), let most = read.max() else { return true }
            lowest += least
            highest += most
        }
        return lowest >= 0 && highest < count
    }

    private static func weights(_ it: FaultableConvolution) -> [Float] {
        let filter = it.filter
        let isAsStored =
            filter.start == 0 && filter.order == .logical && filter.strides == filter.tensor.strides
            && filter.shape == [it.kernelHeight, it.kernelWidth, it.channelsPerGroup, it.filters]
        if it.weight == nil, isAsStored { return filter.tensor.elements }
        var weights: [Float] = []
        weights.reserveCapacity(it.filters * it.productsPerOutput)
        for ky in 0..<it.kernelHeight {
            for kx in 0..<it.kernelWidth {
                for c in 0..<it.channelsPerGroup {
                    for f in 0..<it.filters { weights.append(it.weight?(ky, kx, c, f) ?? filter[ky, kx, c, f]) }
                }
            }
        }
        return weights
    }

    private static func pairs(_ first: Int, _ second: Int, _ value: (Int, Int) -> Int) -> [Int] {
        var pairs: [Int] = []
        pairs.reserveCapacity(first * second)
        for i in 0..<first {
            for j in 0..<second { pairs.append(value(i, j)) }
        }
        return pairs
    }
}
