import Convolution

extension Fault {
    static let nonFinite: [Fault] = [
        Fault("nan-input-as-zero", .nonFinite, "NaN in the input counts as zero.") {
            $0.input.apply { $0.isNaN ? 0 : $0 }
        }.when { !$0.input.isFinite },
        Fault("nan-weight-as-zero", .nonFinite, "NaN in the filter counts as zero.") {
            $0.filter.apply { $0.isNaN ? 0 : $0 }
        }.when { !$0.filter.isFinite },
        Fault(
            "zero-weight-skipped", .nonFinite,
            "A weight of zero is skipped, and the infinity or NaN that it meets is lost."
        ) {
            $0.multiply = { value, weight in weight == 0 ? 0 : value * weight }
        }.when { !$0.input.isFinite },
        Fault(
            "zero-input-skipped", .nonFinite,
            "An input of zero is skipped, and the infinity or NaN that it meets is lost."
        ) {
            $0.multiply = { value, weight in value == 0 ? 0 : value * weight }
        }.when { !$0.filter.isFinite },
        Fault(
            "nan-output-lost", .nonFinite, "The output goes through a maximum compiled with fast math: NaN is lost."
        ) {
            $0.element = { _, value in value > -.greatestFiniteMagnitude ? value : -.greatestFiniteMagnitude }
        },
        Fault("infinite-output-saturates", .nonFinite, "Infinite outputs become the largest finite number.") {
            $0.element = { _, value in
                value.isInfinite ? Float(signOf: value, magnitudeOf: .greatestFiniteMagnitude) : value
            }
        },
        Fault("negative-infinity-lost", .nonFinite, "An output of -infinity loses its sign.") {
            $0.element = { _, value in value == -.infinity ? .infinity : value }
        },
        Fault(
            "accumulator-cleared-by-zero", .nonFinite, "Sums are cleared by multiplying with zero: NaN stays in them."
        ) {
            var last: Float = 0
            $0.element = { _, value in
                last = last * 0 + value
                return last
            }
        },
        Fault(
            "nan-in-channel-pad", .nonFinite, "Channels are padded to a multiple of four with NaN.", source: "mace#345"
        ) {
            $0.element = { _, _ in .nan }
        }.when { $0.channelsPerGroup % 4 != 0 },
        Fault(
            "nan-from-next-pixel", .nonFinite,
            "A vector of eight channels reads into the next pixel, with weights of zero: its NaN comes through.",
            source: "oneDNN#5717"
        ) {
            $0.tap = { [it = $0] tap, value in
                tap.c == it.channels - 1 ? value + 0 * it.read(tap, channel: it.channels) : value
            }
        }.when { $0.channelsPerGroup % 8 != 0 && !$0.isGrouped && !$0.input.isFinite },
        Fault(
            "infinity-through-transform", .nonFinite,
            "Winograd's transform subtracts an infinity from itself: the whole 2x2 tile becomes NaN.",
            source: "tensorflow#60315"
        ) {
            $0.element = { [it = $0] place, value in
                let (top, left) = (place.y / 2 * 2 - it.pads.top, place.x / 2 * 2 - it.pads.left)
                let tile = (top..<top + 4).flatMap { row in (left..<left + 4).map { (row, $0) } }
                let isInfinite = tile.contains { row, column in
                    guard it.inHeight(row) != nil, it.inWidth(column) != nil else { return false }
                    return (0..<it.channelsPerGroup).contains { c in
                        it.input[place.n, row, column, it.channel(place.f, c)].isInfinite
                    }
                }
                return isInfinite ? .nan : value
            }
        }.when { $0.fitsWinograd && !$0.input.isFinite },
        Fault(
            "padding-multiplied-from-five-channels", .nonFinite,
            "From 5 channels on padding is multiplied, and an infinite weight over it gives NaN; up to 4 it is skipped.",
            source: "burn#5385"
        ) {
            $0.padValue = 0
        }.when { $0.channelsPerGroup > 4 && $0.isPadded && !$0.filter.isFinite },
        Fault(
            "large-kernel-nan", .nonFinite,
            "Kernels of 64 taps and more: a row of the matrix that is no multiple of 32 ends in uninitialised NaN.",
            source: "ggml#274"
        ) {
            $0.element = { _, _ in .nan }
        }.when { $0.kernelHeight * $0.kernelWidth >= 64 && $0.productsPerOutput % 32 != 0 },
    ]
}
