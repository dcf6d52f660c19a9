import Convolution

extension Fault {
    static let tailsAndTiles: [Fault] = [
        Fault("channels-beyond-fours", .tailsAndTiles, "Channels behind the last full vector of four are dropped.") {
            $0.dropWeights { [full = $0.channelsPerGroup / 4 * 4] _, _, c, _ in c >= full }
        }.when { $0.channelsPerGroup > 4 && $0.channelsPerGroup % 4 != 0 },
        Fault(
            "overlapping-channel-tail", .tailsAndTiles,
            "The last vector of eight channels is moved back to fit, and what it overlaps counts twice."
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in
                let isTwice = c >= it.channelsPerGroup - 8 && c < it.channelsPerGroup / 8 * 8
                return it.filter[ky, kx, c, f] * (isTwice ? 2 : 1)
            }
        }.when { $0.channelsPerGroup > 8 && $0.channelsPerGroup % 8 != 0 },
        Fault(
            "six-channels", .tailsAndTiles,
            "Two channels behind full vectors of four, as with 6 channels, are swapped.", source: "pytorch#21597"
        ) {
            $0.inputChannel = { [last = $0.channels - 1] _, c in c < last - 1 ? c : 2 * last - 1 - c }
        }.when { $0.channels > 4 && $0.channels % 4 == 2 && !$0.isGrouped },
        Fault(
            "five-or-seven-channels", .tailsAndTiles,
            "With 5 or 7 channels, the transposition swaps the fourth and the fifth.", source: "onnxruntime#27749"
        ) {
            $0.inputChannel = { _, c in c == 3 ? 4 : c == 4 ? 3 : c }
        }.when { ($0.channels == 5 || $0.channels == 7) && !$0.isGrouped },
        Fault(
            "odd-k-stages", .tailsAndTiles,
            "1x1: the last of an odd number of stages of eight channels is dropped, as with 104.", source: "burn#5626"
        ) {
            $0.dropWeights { [last = $0.channelsPerGroup - 8] _, _, c, _ in c >= last }
        }.when {
            $0.isPointwise && $0.channelsPerGroup > 8 && $0.channelsPerGroup % 8 == 0
                && $0.channelsPerGroup / 8 % 2 == 1
        },
        Fault(
            "odd-product-dropped", .tailsAndTiles, "Products are added in pairs; the last of an odd number is dropped."
        ) {
            $0.dropWeights { [it = $0] ky, kx, c, _ in it.product(ky, kx, c) == it.productsPerOutput - 1 }
        }.when { $0.productsPerOutput % 2 == 1 && $0.productsPerOutput > 1 },
        Fault(
            "product-blocks-overwrite", .tailsAndTiles,
            "Each block of 256 products overwrites the sum of those before, as a product of matrices with beta = 0."
        ) {
            $0.dropWeights { [it = $0] ky, kx, c, _ in it.product(ky, kx, c) < (it.productsPerOutput - 1) / 256 * 256 }
        }.when { $0.productsPerOutput > 256 },
        Fault("filters-beyond-fours", .tailsAndTiles, "Filters behind the last full vector of four are zero.") {
            $0.zeroOutput { [full = $0.filters / 4 * 4] in $0.f >= full }
        }.when { $0.filters > 4 && $0.filters % 4 != 0 },
        Fault(
            "filters-beyond-eights", .tailsAndTiles,
            "Filters behind the last full block of eight use the weights of the block before."
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, kx, c, f >= it.filters / 8 * 8 ? f - 8 : f] }
        }.when { $0.filters > 8 && $0.filters % 8 != 0 },
        Fault("bias-block-restarts", .tailsAndTiles, "The bias starts anew with each block of 64 filters.") {
            guard let bias = $0.bias else { return }
            $0.bias = bias.indices.map { bias[$0 % 64] }
        }.when { $0.filters > 64 && $0.bias != nil },
        Fault(
            "shifted-column-tail", .tailsAndTiles,
            "The last tile of eight columns is moved back to fit, but its results are stored where it was."
        ) {
            let (tail, shift) = ($0.outputWidth / 8 * 8, 8 - $0.outputWidth % 8)
            $0.inputColumn = { [it = $0] x, _, column in
                it.inWidth(x >= tail ? column - shift * it.strides.width : column)
            }
        }.when { $0.outputWidth > 8 && $0.outputWidth % 8 != 0 },
        Fault(
            "right-edge-of-last-tile", .tailsAndTiles,
            "One column only: the last of a partial tile of four misses its last kernel column."
        ) {
            $0.inputColumn = { [it = $0] x, kx, column in
                x == it.outputWidth - 1 && kx == it.kernelWidth - 1 ? nil : it.inWidth(column)
            }
        }.when { $0.outputWidth > 4 && $0.outputWidth % 4 != 0 && $0.kernelWidth > 1 },
        Fault(
            "missing-halo", .tailsAndTiles,
            "The first column of each tile of eight but the first lacks its left neighbour."
        ) {
            $0.inputColumn = { [it = $0] x, kx, column in
                x > 0 && x % 8 == 0 && kx == 0 ? nil : it.inWidth(column)
            }
        }.when { $0.outputWidth > 8 && $0.kernelWidth > 1 },
        Fault(
            "odd-column-repeated", .tailsAndTiles, "Columns are computed in pairs; the last of an odd number repeats."
        ) {
            $0.inputColumn = { [it = $0] x, _, column in
                it.inWidth(x == it.outputWidth - 1 ? column - it.strides.width : column)
            }
        }.when { $0.outputWidth > 1 && $0.outputWidth % 2 == 1 },
        Fault("fifth-row-missing", .tailsAndTiles, "A single row behind full tiles of four stays zero.") {
            $0.zeroOutput { [last = $0.outputHeight - 1] in $0.y == last }
        }.when { $0.outputHeight > 4 && $0.outputHeight % 4 == 1 },
        Fault(
            "odd-image-missing", .tailsAndTiles, "Images are computed in pairs; the last of an odd batch stays zero."
        ) {
            $0.zeroOutput { [last = $0.batch - 1] in $0.n == last }
        }.when { $0.batch > 1 && $0.batch % 2 == 1 },
        Fault(
            "winograd-tile-tail", .tailsAndTiles,
            "Winograd's 4x4 tiles go in blocks of eight, then four; more than four left over are not computed.",
            source: "TNN#394"
        ) {
            let (rows, columns) = (($0.outputHeight + 3) / 4, ($0.outputWidth + 3) / 4)
            let (count, computed) = (rows * columns, rows * columns / 8 * 8 + 4)
            $0.zeroOutput { count % 8 > 4 && $0.y / 4 * columns + $0.x / 4 >= computed }
        }.when { $0.fitsWinograd && !$0.isPadded },
        Fault(
            "kernel-beyond-image", .tailsAndTiles,
            "A kernel larger than the image, which fits with its pads, loses its last row.", source: "mlx#2504"
        ) {
            $0.dropWeights { [last = $0.kernelHeight - 1] ky, _, _, _ in ky == last }
        }.when { $0.kernelHeight > $0.height || $0.kernelWidth > $0.width },
        Fault(
            "kernel-equal-to-image", .tailsAndTiles,
            "A kernel as large as the image counts its first tap only.", source: "pytorch#163347"
        ) {
            $0.dropWeights { ky, kx, _, _ in ky > 0 || kx > 0 }
        }.when { $0.kernelHeight == $0.height && $0.kernelWidth == $0.width && !$0.isPointwise },
    ]
}
