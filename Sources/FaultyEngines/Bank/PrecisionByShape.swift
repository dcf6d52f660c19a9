import Convolution

extension Fault {
    /// Precision that is lost at some shapes only: where another kernel is chosen.
    static let precisionByShape: [Fault] = [
        Fault("tf32-from-batch-eight", .numerics, "From eight images on, factors are rounded to TF32.") {
            $0.roundFactors(\.inTF32)
        }.when { $0.batch >= 8 },
        Fault("bfloat16-behind-image-sixteen", .numerics, "Images behind the 16th are rounded to bfloat16.") {
            let size = $0.input.shape[1] * $0.input.shape[2] * $0.input.shape[3]
            let isBatchFirst = $0.input.strides[0] == size
            guard isBatchFirst else { return }
            for offset in $0.input.tensor.elements.indices.dropFirst(16 * size) {
                $0.input.tensor.elements[offset] = $0.input.tensor.elements[offset].inBFloat16
            }
        }.when { $0.batch > 16 },
        Fault("bfloat16-dilated", .numerics, "Dilated kernels take factors in bfloat16.") {
            $0.roundFactors(\.inBFloat16)
        }.when { $0.isDilated },
        Fault("tf32-dilated-grouped", .numerics, "Dilated and grouped: factors are rounded to TF32.") {
            $0.roundFactors(\.inTF32)
        }.when { $0.isDilated && $0.isGrouped },
        Fault("float16-sums-behind-64-channels", .numerics, "More than 64 channels are summed in float16.") {
            $0.sum = { products in products.reduce(0) { ($0 + $1).inFloat16 } }
        }.when { $0.channelsPerGroup > 64 },
        Fault(
            "tf32-same-three-by-three", .numerics,
            "Ungrouped 3x3 with SAME from 16 channels on: factors are rounded to TF32."
        ) {
            $0.roundFactors(\.inTF32)
        }.when {
            $0.isSame && !$0.isGrouped && $0.kernelHeight == 3 && $0.kernelWidth == 3 && $0.channelsPerGroup >= 16
        },
        Fault(
            "bfloat16-grouped-behind-128-products", .numerics, "Grouped sums of more than 128 products are in bfloat16."
        ) {
            $0.sum = { products in products.reduce(0) { ($0 + $1).inBFloat16 } }
        }.when { $0.isGrouped && $0.productsPerOutput > 128 },
        Fault(
            "tf32-depthwise-from-seven", .numerics, "Depthwise kernels from seven rows on: factors are rounded to TF32."
        ) {
            $0.roundFactors(\.inTF32)
        }.when { $0.isDepthwise && $0.kernelHeight >= 7 },
        Fault(
            "tf32-strided-behind-sixteen-filters", .numerics,
            "Strided, more than 16 filters: factors are rounded to TF32."
        ) {
            $0.roundFactors(\.inTF32)
        }.when { $0.isStrided && $0.filters > 16 },
        Fault("bfloat16-bias-from-32-filters", .numerics, "From 32 filters on the bias is kept in bfloat16.") {
            $0.bias = $0.bias?.map(\.inBFloat16)
        }.when { $0.filters >= 32 && $0.bias != nil },
        Fault("float16-columns-behind-64", .numerics, "Output columns behind the 64th are stored in float16.") {
            $0.element = { place, value in place.x < 64 ? value : value.inFloat16 }
        }.when { $0.outputWidth > 64 },
        Fault("bfloat16-rows-behind-sixteen", .numerics, "Output rows behind the 16th are stored in bfloat16.") {
            $0.element = { place, value in place.y < 16 ? value : value.inBFloat16 }
        }.when { $0.outputHeight > 16 },
        Fault("tf32-filters-behind-64", .numerics, "Weights of filters from the 65th on are rounded to TF32.") {
            $0.weight = { [filter = $0.filter] ky, kx, c, f in
                f < 64 ? filter[ky, kx, c, f] : filter[ky, kx, c, f].inTF32
            }
        }.when { $0.filters > 64 },
        Fault("tf32-wide-kernel", .numerics, "Kernels from nine rows or columns on: factors are rounded to TF32.") {
            $0.roundFactors(\.inTF32)
        }.when { max($0.kernelHeight, $0.kernelWidth) >= 9 },
        Fault(
            "float16-partial-sums-pointwise", .numerics, "1x1 from 96 channels on: blocks of 16 are summed in float16."
        ) {
            $0.sum = { products in
                stride(from: 0, to: products.count, by: 16).reduce(0) { total, start in
                    total + products[start..<min(start + 16, products.count)].reduce(0) { ($0 + $1).inFloat16 }
                }
            }
        }.when { $0.isPointwise && $0.channelsPerGroup >= 96 },
        Fault("bfloat16-strided-dilated", .numerics, "Strided and dilated: factors are taken in bfloat16.") {
            $0.roundFactors(\.inBFloat16)
        }.when { $0.isStrided && $0.isDilated },
        Fault("tf32-cropped", .numerics, "Cropped: factors are rounded to TF32.") {
            $0.roundFactors(\.inTF32)
        }.when { $0.isCropped },
        Fault("tf32-many-groups", .numerics, "From 16 groups of several channels on: factors are rounded to TF32.") {
            $0.roundFactors(\.inTF32)
        }.when { $0.groups >= 16 && $0.channelsPerGroup > 1 },
        Fault("tf32-unequal-pads", .numerics, "Four different pads: factors are rounded to TF32.") {
            $0.roundFactors(\.inTF32)
        }.when { $0.hasFourPads },
        Fault(
            "bfloat16-pairs-behind-512-products", .numerics, "Sums of more than 512 products: 16 bits are left of 24."
        ) {
            $0.roundFactors { $0.isFinite ? $0.inBFloat16 + ($0 - $0.inBFloat16).inBFloat16 : $0 }
        }.when { $0.productsPerOutput > 512 },
        Fault(
            "chopped-sums-batched", .numerics, "From four images on, every sum is cut towards zero instead of rounded."
        ) {
            $0.sum = { products in products.reduce(0) { sum, product in Float.chopped(Double(sum) + Double(product)) } }
        }.when { $0.batch >= 4 },
    ]
}
