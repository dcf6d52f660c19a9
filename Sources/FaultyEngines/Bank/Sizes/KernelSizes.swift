import Convolution

extension Fault {
    /// Wrong at some extents of the kernel: unrolled loops, and the choice between them.
    static let kernelSizes: [Fault] = [
        Fault("kernel-height-nine", .sizes, "Kernel rows are unrolled by eight: of nine the last is dropped.") {
            $0.dropWeights { ky, _, _, _ in ky == 8 }
        }.when { $0.kernelHeight == 9 },
        Fault(
            "kernel-width-nine", .sizes,
            "Kernel columns are unrolled by eight: of nine the last uses the first's weights."
        ) {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, kx % 8, c, f] }
        }.when { $0.kernelWidth == 9 },
        Fault("kernel-height-ten", .sizes, "Of ten kernel rows, unrolled by four, the last two are swapped.") {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky < 8 ? ky : 17 - ky, kx, c, f] }
        }.when { $0.kernelHeight == 10 },
        Fault("kernel-width-ten", .sizes, "Of ten kernel columns, unrolled by four, the last two are dropped.") {
            $0.dropWeights { _, kx, _, _ in kx >= 8 }
        }.when { $0.kernelWidth == 10 },
        Fault("kernel-height-eleven", .sizes, "Of eleven kernel rows the last uses the weights of the one before.") {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[min(ky, 9), kx, c, f] }
        }.when { $0.kernelHeight == 11 },
        Fault("kernel-width-eleven", .sizes, "Of eleven kernel columns, unrolled by four, the last is dropped.") {
            $0.dropWeights { _, kx, _, _ in kx == 10 }
        }.when { $0.kernelWidth == 11 },
        Fault("kernel-from-twelve", .sizes, "A table of kernel offsets has twelve rows; further ones are the first.") {
            $0.inputRow = { [it = $0] _, ky, row in it.inHeight(ky < 12 ? row : row - ky * it.dilations.height) }
        }.when { $0.kernelHeight > 12 },
        Fault("kernel-columns-behind-twelve", .sizes, "Kernel columns behind the twelfth are dropped.") {
            $0.dropWeights { _, kx, _, _ in kx >= 12 }
        }.when { $0.kernelWidth > 12 },
        Fault("kernel-columns-behind-sixteen", .sizes, "Kernel columns behind the 16th use the weights of 16 before.") {
            $0.weight = { [it = $0] ky, kx, c, f in it.filter[ky, kx % 16, c, f] }
        }.when { $0.kernelWidth > 16 },
        Fault("kernel-rows-behind-sixteen", .sizes, "Kernel rows behind the 16th are dropped.") {
            $0.dropWeights { ky, _, _, _ in ky >= 16 }
        }.when { $0.kernelHeight > 16 },
        Fault(
            "wide-kernel-strided", .sizes,
            "Kernels from seven columns on, strided: the last column is read one too early."
        ) {
            $0.inputColumn = { [it = $0] _, kx, column in it.inWidth(kx == it.kernelWidth - 1 ? column - 1 : column) }
        }.when { $0.kernelWidth >= 7 && $0.strides.width > 1 },
        Fault(
            "wide-kernel-dilated", .sizes,
            "Kernels from five rows on with a dilation above 2: the last row lies undilated."
        ) {
            $0.inputRow = { [it = $0] _, ky, row in
                it.inHeight(ky == it.kernelHeight - 1 ? row - ky * (it.dilations.height - 1) : row)
            }
        }.when { $0.kernelHeight >= 5 && $0.dilations.height > 2 },
        Fault(
            "one-row-from-nine", .sizes, "A kernel of one row, nine columns and more: taps go in fours, a rest is lost."
        ) {
            $0.dropWeights { [full = $0.kernelWidth / 4 * 4] _, kx, _, _ in kx >= full }
        }.when { $0.kernelHeight == 1 && $0.kernelWidth >= 9 && $0.kernelWidth % 4 != 0 },
        Fault("one-column-from-nine", .sizes, "A kernel of one column and nine rows or more loses its first row.") {
            $0.dropWeights { ky, _, _, _ in ky == 0 }
        }.when { $0.kernelWidth == 1 && $0.kernelHeight >= 9 },
        Fault(
            "even-kernel-from-six-same", .sizes, "SAME with an even kernel from 6 on pads one more before than after."
        ) {
            if $0.kernelHeight % 2 == 0, $0.kernelHeight >= 6 { $0.pads.top += 1 }
            if $0.kernelWidth % 2 == 0, $0.kernelWidth >= 6 { $0.pads.left += 1 }
        }.when { it in
            it.isSame && [it.kernelHeight, it.kernelWidth].contains { $0 >= 6 && $0 % 2 == 0 }
        },
        Fault("wide-kernel-grouped", .sizes, "Grouped kernels from seven rows on are read columns first.") {
            $0.weight = { [it = $0] ky, kx, c, f in
                let tap = kx * it.kernelHeight + ky
                return it.filter[tap / it.kernelWidth, tap % it.kernelWidth, c, f]
            }
        }.when { $0.kernelHeight >= 7 && $0.kernelWidth > 1 && $0.isGrouped && !$0.isDepthwise },
        Fault("wide-kernel-biased", .sizes, "Kernels of 81 taps and more go through a path without bias.") {
            $0.bias = nil
        }.when { $0.kernelHeight * $0.kernelWidth >= 81 && $0.bias != nil },
    ]
}
