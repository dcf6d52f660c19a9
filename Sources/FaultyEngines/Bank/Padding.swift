import Convolution

extension Fault {
    static let padding: [Fault] = [
        Fault(
            misreading: "same-upper-and-lower-swapped", .padding,
            "The odd row or column of SAME goes to the other end.", source: "root#21793"
        ) { problem in
            switch problem.padding {
            case .sameUpper: problem.padding = .sameLower
            case .sameLower: problem.padding = .sameUpper
            case .valid, .explicit: break
            }
        },
        Fault(
            "same-odd-pad-beyond-kernel", .padding,
            "The odd row or column of SAME goes to the other end, but only where the stride is larger than the kernel."
        ) {
            let other = $0.samePads(as: $0.padding == .sameUpper ? .sameLower : .sameUpper)
            if $0.strides.height > $0.kernelHeight { $0.pads.top = other.top }
            if $0.strides.width > $0.kernelWidth { $0.pads.left = other.left }
        }.when { $0.isSame },
        Fault("same-ignores-stride", .padding, "SAME pads are those of stride 1.", source: "onnxruntime#26734") {
            $0.pads = $0.samePads(strides: .one)
        }.when { $0.isSame && $0.isStrided },
        Fault(
            "same-half-kernel", .padding,
            "SAME pads half a kernel, rounded down, before the input.", source: "root#21793"
        ) {
            $0.pads.top = $0.kernelHeight / 2
            $0.pads.left = $0.kernelWidth / 2
        }.when { $0.isSame },
        Fault(
            "same-even-kernel", .padding,
            "SAME pads (kernel - 1) / 2 on both sides: an even kernel's output is one short.", source: "burn#2676"
        ) {
            let (rows, columns) = (($0.kernelHeight - 1) / 2, ($0.kernelWidth - 1) / 2)
            $0.pads = Pads(top: rows, bottom: rows, left: columns, right: columns)
            $0.outputHeight = max(($0.height + 2 * rows - $0.kernelHeight) / $0.strides.height + 1, 0)
            $0.outputWidth = max(($0.width + 2 * columns - $0.kernelWidth) / $0.strides.width + 1, 0)
        }.when { $0.isSame && ($0.kernelHeight % 2 == 0 || $0.kernelWidth % 2 == 0) },
        Fault(
            "same-negative-total", .padding,
            "SAME does not stop at zero: a stride larger than the kernel shifts the first window into the image.",
            source: "tensorflow#1991"
        ) {
            let rows = ($0.outputHeight - 1) * $0.strides.height + $0.reach.height - $0.height
            let columns = ($0.outputWidth - 1) * $0.strides.width + $0.reach.width - $0.width
            if rows < 0 { $0.pads.top = (rows - 1) / 2 }
            if columns < 0 { $0.pads.left = (columns - 1) / 2 }
        }.when { $0.isSame },
        Fault("swapped-pad-axes", .padding, "Vertical pads are used horizontally, and the other way round.") {
            ($0.pads.top, $0.pads.left) = ($0.pads.left, $0.pads.top)
        },
        Fault("swapped-pad-ends", .padding, "Pads of the end are put at the beginning.", source: "mlx#2038") {
            $0.pads = Pads(top: $0.pads.bottom, bottom: $0.pads.top, left: $0.pads.right, right: $0.pads.left)
        }.when { !$0.pads.areSymmetric },
        Fault("averaged-pads", .padding, "Half of an axis's total is padded at each end.") {
            $0.pads.top = ($0.pads.top + $0.pads.bottom) / 2
            $0.pads.left = ($0.pads.left + $0.pads.right) / 2
        }.when { !$0.pads.areSymmetric && !$0.isSame },
        Fault("square-pads", .padding, "The upper pad is used on the left as well.") {
            $0.pads.left = $0.pads.top
        },
        Fault("pads-cut-to-kernel", .padding, "No pad is larger than the kernel less one.", source: "mlx#833") {
            $0.pads.top = min($0.pads.top, $0.kernelHeight - 1)
            $0.pads.left = min($0.pads.left, $0.kernelWidth - 1)
        },
        Fault("pads-scaled-by-stride", .padding, "Pads are counted in strides.") {
            $0.pads.top *= $0.strides.height
            $0.pads.left *= $0.strides.width
        }.when { $0.isStrided && $0.isPadded },
        Fault("negative-pads-as-none", .padding, "A negative pad crops nothing.") {
            $0.pads.top = max($0.pads.top, 0)
            $0.pads.left = max($0.pads.left, 0)
        }.when { $0.pads.top < 0 || $0.pads.left < 0 },
        Fault(
            "end-pads-moved-to-beginning", .padding,
            "A pad at the end alone, fused into the convolution, is put before.", source: "XNNPACK#958"
        ) {
            ($0.pads.top, $0.pads.left) = ($0.pads.bottom, $0.pads.right)
        }.when { $0.pads.top == 0 && $0.pads.left == 0 && $0.isPadded && !$0.isSame },
        Fault(
            "even-kernel-end-pads-unchecked", .padding,
            "With an even kernel and pads at the end alone, the right pad reads the next row.",
            source: "onnxruntime#26215"
        ) {
            $0.inputColumn = { _, _, column in column }
        }.when { $0.kernelWidth % 2 == 0 && $0.pads.top == 0 && $0.pads.left == 0 && $0.pads.right > 0 },
        Fault(
            "boundary-columns-replicated", .padding,
            "With different pads left and right, columns in the padding repeat the edge.", source: "oneDNN#5080"
        ) {
            $0.inputColumn = { [width = $0.width] _, _, column in min(max(column, 0), width - 1) }
        }.when { $0.pads.left > 0 && $0.pads.right > 0 && $0.pads.left != $0.pads.right },
        Fault(
            "last-element-one-channel", .padding,
            "The last row's last column sees the first channel only: oblong kernel, stride 2 and a pad.",
            source: "coremltools#2515"
        ) {
            $0.tap = { [it = $0] tap, value in
                tap.place.y == it.outputHeight - 1 && tap.place.x == it.outputWidth - 1 && tap.c > 0 ? 0 : value
            }
        }.when {
            $0.kernelHeight != $0.kernelWidth && $0.strides.height > 1 && $0.strides.width > 1 && $0.isPadded
                && $0.channelsPerGroup > 1
        },
        Fault(
            "image-smaller-than-pad", .padding,
            "Depthwise: an image smaller than its pad is read beyond its last row.", source: "FBGEMM#395"
        ) {
            $0.inputRow = { [height = $0.height] _, _, row in row < 0 ? nil : min(row, height - 1) }
            $0.inputColumn = { [width = $0.width] _, _, column in column < 0 ? nil : min(column, width - 1) }
        }.when {
            $0.isDepthwise
                && ($0.height < max($0.pads.top, $0.pads.bottom) || $0.width < max($0.pads.left, $0.pads.right))
        },
        Fault(
            "clipped-rows-ignore-stride", .padding,
            "Kernel rows above the image are counted as pad - y, which is right for stride 1 alone.",
            source: "oneDNN#4074"
        ) {
            $0.inputRow = { [it = $0] y, ky, row in
                ky * it.dilations.height < it.pads.top - y ? nil : it.inHeight(row)
            }
        }.when { $0.strides.height > 1 && $0.pads.top > 0 },
        Fault(
            "right-pad-checked-in-last-tile", .padding,
            "Only the last tile of four columns checks for the right pad; a wider pad reads the next row.",
            source: "modular#6712"
        ) {
            let lastTile = ($0.outputWidth - 1) / 4
            $0.inputColumn = { [it = $0] x, _, column in
                x / 4 < lastTile && column >= it.width ? column : it.inWidth(column)
            }
        }.when { $0.pads.right > 1 && $0.outputWidth > 4 },
        Fault("replicated-edge", .padding, "The padding repeats the nearest row and column.") {
            $0.inputRow = { [height = $0.height] _, _, row in min(max(row, 0), height - 1) }
            $0.inputColumn = { [width = $0.width] _, _, column in min(max(column, 0), width - 1) }
        }.when { $0.isPadded },
        Fault("circular-padding", .padding, "The padding continues at the image's other side.") {
            $0.inputRow = { [it = $0] _, _, row in it.wrapped(row, it.height) }
            $0.inputColumn = { [it = $0] _, _, column in it.wrapped(column, it.width) }
        }.when { $0.isPadded },
        Fault("negative-index-wraps", .padding, "A row above the image counts from the end, as Python's indices do.") {
            $0.inputRow = { [it = $0] _, _, row in row < 0 ? it.inHeight(row + it.height) : it.inHeight(row) }
        }.when { $0.pads.top > 0 },
    ]
}
