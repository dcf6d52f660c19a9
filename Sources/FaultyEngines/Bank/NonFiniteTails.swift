import Convolution

extension Fault {
    /// NaN and infinities that are lost behind a size, or together with another feature.
    static let nonFiniteTails: [Fault] = [
        Fault("nan-lost-behind-column-sixteen", .nonFinite, "Output columns from 16 on: NaN becomes zero.") {
            $0.element = { place, value in place.x >= 16 && value.isNaN ? 0 : value }
        }.when { $0.outputWidth > 16 },
        Fault("nan-lost-from-row-twelve", .nonFinite, "Output rows from 12 on: NaN becomes zero.") {
            $0.element = { place, value in place.y >= 12 && value.isNaN ? 0 : value }
        }.when { $0.outputHeight > 12 },
        Fault("nan-lost-from-filter-twenty", .nonFinite, "Filters from 20 on: NaN becomes zero.") {
            $0.element = { place, value in place.f >= 20 && value.isNaN ? 0 : value }
        }.when { $0.filters > 20 },
        Fault("infinity-lost-behind-column-sixteen", .nonFinite, "Output columns from 16 on: infinities become finite.")
        {
            $0.element = { place, value in
                place.x >= 16 && value.isInfinite ? Float(signOf: value, magnitudeOf: .greatestFiniteMagnitude) : value
            }
        }.when { $0.outputWidth > 16 },
        Fault("infinity-lost-from-row-twelve", .nonFinite, "Output rows from 12 on: infinities become finite.") {
            $0.element = { place, value in
                place.y >= 12 && value.isInfinite ? Float(signOf: value, magnitudeOf: .greatestFiniteMagnitude) : value
            }
        }.when { $0.outputHeight > 12 },
        Fault("infinity-lost-from-filter-twenty", .nonFinite, "Filters from 20 on: infinities become finite.") {
            $0.element = { place, value in
                place.f >= 20 && value.isInfinite ? Float(signOf: value, magnitudeOf: .greatestFiniteMagnitude) : value
            }
        }.when { $0.filters > 20 },
        Fault(
            "nan-lost-in-column-tail", .nonFinite,
            "Output columns behind the last full vector of four: NaN becomes zero."
        ) {
            $0.element = { [full = $0.outputWidth / 4 * 4] place, value in place.x >= full && value.isNaN ? 0 : value }
        }.when { $0.outputWidth > 4 && $0.outputWidth % 4 != 0 },
        Fault("nan-lost-in-filter-tail", .nonFinite, "Filters behind the last full vector of four: NaN becomes zero.") {
            $0.element = { [full = $0.filters / 4 * 4] place, value in place.f >= full && value.isNaN ? 0 : value }
        }.when { $0.filters > 4 && $0.filters % 4 != 0 },
        Fault(
            "nan-lost-in-channel-tail", .nonFinite, "Channels behind the last full vector of four: NaN counts as zero."
        ) {
            $0.tap = { [full = $0.channelsPerGroup / 4 * 4] tap, value in tap.c >= full && value.isNaN ? 0 : value }
        }.when { $0.channelsPerGroup > 4 && $0.channelsPerGroup % 4 != 0 && !$0.input.isFinite },
        Fault(
            "infinity-cut-in-channel-tail", .nonFinite,
            "Channels behind the last full vector of eight: infinities are cut."
        ) {
            $0.tap = { [full = $0.channelsPerGroup / 8 * 8] tap, value in
                tap.c >= full && value.isInfinite ? Float(signOf: value, magnitudeOf: .greatestFiniteMagnitude) : value
            }
        }.when { $0.channelsPerGroup > 8 && $0.channelsPerGroup % 8 != 0 && !$0.input.isFinite },
        Fault(
            "all-zero-filter-skipped", .nonFinite,
            "A filter that is all zero is skipped: the NaN that it meets is lost."
        ) {
            let it = $0
            let isZero = (0..<it.filters).map { f in
                (0..<it.kernelHeight).allSatisfy { ky in
                    (0..<it.kernelWidth).allSatisfy { kx in
                        (0..<it.channelsPerGroup).allSatisfy { c in it.filter[ky, kx, c, f] == 0 }
                    }
                }
            }
            $0.element = { place, value in isZero[place.f] ? it.bias?[place.f] ?? 0 : value }
        }.when { !$0.input.isFinite },
        Fault(
            "all-zero-tap-skipped", .nonFinite,
            "A kernel position at which all weights are zero is skipped: the NaN that it meets is lost."
        ) {
            let it = $0
            let isZero = (0..<it.kernelHeight).map { ky in
                (0..<it.kernelWidth).map { kx in
                    (0..<it.channelsPerGroup).allSatisfy { c in
                        (0..<it.filters).allSatisfy { f in it.filter[ky, kx, c, f] == 0 }
                    }
                }
            }
            $0.tap = { tap, value in isZero[tap.ky][tap.kx] ? 0 : value }
        }.when { !$0.input.isFinite },
        Fault("nan-lost-strided-biased", .nonFinite, "With a stride and a bias, NaN becomes the bias.") {
            let bias = $0.bias ?? []
            $0.element = { place, value in value.isNaN && !bias.isEmpty ? bias[place.f] : value }
        }.when { $0.isStrided && $0.bias != nil },
        Fault("infinity-lost-strided-biased", .nonFinite, "With a stride and a bias, infinities become finite.") {
            $0.element = { _, value in
                value.isInfinite ? Float(signOf: value, magnitudeOf: .greatestFiniteMagnitude) : value
            }
        }.when { $0.isStrided && $0.bias != nil },
        Fault("nan-lost-dilated", .nonFinite, "Dilated: NaN becomes zero.") {
            $0.element = { _, value in value.isNaN ? 0 : value }
        }.when { $0.isDilated },
        Fault("nan-lost-depthwise", .nonFinite, "Depthwise: NaN becomes zero.") {
            $0.element = { _, value in value.isNaN ? 0 : value }
        }.when { $0.isDepthwise },
        Fault("nan-lost-grouped", .nonFinite, "Grouped, but not depthwise: NaN becomes zero.") {
            $0.element = { _, value in value.isNaN ? 0 : value }
        }.when { $0.isGrouped && !$0.isDepthwise },
        Fault("nan-lost-in-later-images", .nonFinite, "In all images but the first, NaN becomes zero.") {
            $0.element = { place, value in place.n > 0 && value.isNaN ? 0 : value }
        }.when { $0.batch > 1 },
        Fault("nan-lost-behind-32-products", .nonFinite, "NaN behind the 32nd product of a sum is lost.") {
            $0.tap = { [it = $0] tap, value in it.product(tap.ky, tap.kx, tap.c) >= 32 && value.isNaN ? 0 : value }
        }.when { $0.productsPerOutput > 32 && !$0.input.isFinite },
        Fault("nan-bias-lost", .nonFinite, "NaN in the bias counts as zero.") {
            $0.bias = $0.bias?.map { $0.isNaN ? 0 : $0 }
        }.when { $0.bias != nil },
        Fault("nan-lost-by-same", .nonFinite, "SAME: NaN in the first and last column becomes zero.") {
            $0.element = { [last = $0.outputWidth - 1] place, value in
                (place.x == 0 || place.x == last) && value.isNaN ? 0 : value
            }
        }.when { $0.isSame && $0.isPadded },
    ]
}
