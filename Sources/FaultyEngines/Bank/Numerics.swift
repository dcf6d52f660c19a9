import Convolution

extension Fault {
    static let numerics: [Fault] = [
        Fault("tf32-factors", .numerics, "Input and filter are rounded to TF32.") {
            $0.roundFactors(\.inTF32)
        },
        Fault("tf32-weights", .numerics, "The filter alone is rounded to TF32.") {
            $0.filter.apply(\.inTF32)
        },
        Fault(
            "tf32-beyond-256-products", .numerics, "Sums of more than 256 products go to tensor cores, rounded to TF32."
        ) {
            $0.roundFactors(\.inTF32)
        }.when { $0.productsPerOutput > 256 },
        Fault(
            "tf32-aligned-channels", .numerics,
            "Channels and filters that are multiples of eight go to tensor cores, rounded to TF32."
        ) {
            $0.roundFactors(\.inTF32)
        }.when { $0.channelsPerGroup % 8 == 0 && $0.filtersPerGroup % 8 == 0 },
        Fault("bfloat16-factors", .numerics, "Input and filter are rounded to bfloat16.") {
            $0.roundFactors(\.inBFloat16)
        },
        Fault(
            "bfloat16-pairs", .numerics, "Input and filter are split in two bfloat16 numbers: 16 bits are left of 24."
        ) {
            $0.roundFactors { $0.isFinite ? $0.inBFloat16 + ($0 - $0.inBFloat16).inBFloat16 : $0 }
        },
        Fault("float16-factors", .numerics, "Input and filter are rounded to float16.") {
            $0.roundFactors(\.inFloat16)
        },
        Fault("cut-factors", .numerics, "The last three bits of input and filter are cut.") {
            $0.roundFactors { $0.cut(toFractionBits: 20) }
        },
        Fault("bfloat16-products", .numerics, "Each product is rounded to bfloat16.") {
            $0.multiply = { value, weight in (value * weight).inBFloat16 }
        },
        Fault("float16-accumulator", .numerics, "Sums are kept in float16.") {
            $0.sum = { products in products.reduce(0) { ($0 + $1).inFloat16 } }
        },
        Fault("bfloat16-accumulator", .numerics, "Sums are kept in bfloat16.") {
            $0.sum = { products in products.reduce(0) { ($0 + $1).inBFloat16 } }
        },
        Fault(
            "float16-partial-sums", .numerics, "Blocks of 16 products are summed in float16, the blocks in float32."
        ) {
            $0.sum = { products in
                stride(from: 0, to: products.count, by: 16).reduce(0) { total, start in
                    total + products[start..<min(start + 16, products.count)].reduce(0) { ($0 + $1).inFloat16 }
                }
            }
        },
        Fault("chopped-accumulator", .numerics, "Every sum is cut towards zero instead of rounded.") {
            $0.sum = { products in products.reduce(0) { sum, product in Float.chopped(Double(sum) + Double(product)) } }
        },
        Fault("float16-output", .numerics, "The output is rounded to float16.") {
            $0.element = { _, value in value.inFloat16 }
        },
        Fault("bfloat16-output", .numerics, "The output is rounded to bfloat16.") {
            $0.element = { _, value in value.inBFloat16 }
        },
        Fault("bfloat16-bias", .numerics, "The bias is rounded to bfloat16.") {
            $0.bias = $0.bias?.map(\.inBFloat16)
        }.when { $0.bias != nil },
        Fault("saturated-output", .numerics, "The output is cut to the range of 16-bit integers.") {
            $0.element = { _, value in value.isNaN ? value : min(max(value, -32768), 32767) }
        },
        Fault(
            "lost-last-block", .numerics,
            "Products are summed in blocks of 256; the last, partial block is never added."
        ) {
            $0.dropWeights { [it = $0] ky, kx, c, _ in it.product(ky, kx, c) >= it.productsPerOutput / 256 * 256 }
        }.when { $0.productsPerOutput > 256 && $0.productsPerOutput % 256 != 0 },
    ]
}
