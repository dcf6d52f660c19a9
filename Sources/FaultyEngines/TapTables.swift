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
    /// `[filters, kernel rows, kernel columns, channels / groups]`.
    let weights: [Float]

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
    }

    private static func weights(_ it: FaultableConvolution) -> [Float] {
        var weights: [Float] = []
        weights.reserveCapacity(it.filters * it.productsPerOutput)
        for f in 0..<it.filters {
            for ky in 0..<it.kernelHeight {
                for kx in 0..<it.kernelWidth {
                    for c in 0..<it.channelsPerGroup {
                        weights.append(it.weight?(ky, kx, c, f) ?? it.filter[ky, kx, c, f])
                    }
                }
            }
        }
        return weights
    }

    private static func pairs(_ first: Int, _ second: Int, _ value: (Int, Int) -> Int) -> [Int] {
        (0..<first).flatMap { i in (0..<second).map { j in value(i, j) } }
    }
}
