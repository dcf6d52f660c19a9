import Convolution

extension Fault {
    /// Faults of numbers of 8 bits, their zero points and their scales.
    static let wholeNumbers: [Fault] = exact + quantized

    private static let exact: [Fault] = [
        whole("int8-padding-is-zero", "The padding holds 0, not the zero point.") {
            $0.padValue = 0
        }.showing { $0.isPadded && $0.inputZero != 0 },
        whole("int8-input-zero-point-ignored", "The input's zero point is not subtracted.") {
            $0.inputZero = 0
        }.showing { $0.inputZero != 0 },
        whole("int8-filter-zero-point-ignored", "The filter's zero points are not subtracted.") {
            $0.filterZeros = $0.filterZeros.map { _ in 0 }
        }.showing { $0.filterZeros.contains { $0 != 0 } },
        whole("int8-filter-zero-points-take-the-first", "Every filter has the first one's zero point.") {
            $0.filterZeros = $0.filterZeros.map { [first = $0.filterZeros[0]] _ in first }
        }.showing { Set($0.filterZeros).count > 1 },
        whole("int8-input-sign-confused", "A uint8 input is read as int8.") {
            $0.apply(.input) { $0 > 127 ? $0 - 256 : $0 }
        }.showing { $0.problem.types.input == .uint8 },
        whole("int8-input-read-unsigned", "An int8 input is read as uint8.") {
            $0.apply(.input) { $0 < 0 ? $0 + 256 : $0 }
        }.showing { $0.problem.types.input == .int8 },
        whole("int8-filter-sign-confused", "A uint8 filter is read as int8.") {
            $0.apply(.filter) { $0 > 127 ? $0 - 256 : $0 }
        }.showing { $0.problem.types.filter == .uint8 },
        whole("int8-filter-read-unsigned", "An int8 filter is read as uint8.") {
            $0.apply(.filter) { $0 < 0 ? $0 + 256 : $0 }
        }.showing { $0.problem.types.filter == .int8 },
        whole("int8-saturating-16-bit-sums", "Sums saturate at 16 bits, as those of pairs do in vpmaddubsw.") {
            $0.add = { sum, first, second in min(max(sum + first * second, -32768), 32767) }
        },
        whole("int8-wrapping-16-bit-sums", "Sums wrap around at 16 bits.") {
            $0.add = { sum, first, second in Double(Int16(truncatingIfNeeded: Int(sum + first * second))) }
        },
        whole("int8-accumulator-of-24-bits", "Sums are kept in 24 significant bits, as a float32 has them.") {
            $0.add = { sum, first, second in Double(Float(sum + first * second)) }
        },
        whole("int8-differences-of-8-bits", "What is left after the zero point is subtracted wraps around at 8 bits.") {
            $0.factors = { _, first, second in (Double(Int8(truncatingIfNeeded: Int(first))), second) }
        }.showing { $0.inputZero != 0 },
        whole("int8-differences-saturate", "What is left after the zero point is subtracted saturates at 8 bits.") {
            $0.factors = { _, first, second in (min(max(first, -128), 127), second) }
        }.showing { $0.inputZero != 0 },
        whole("int8-minus-128-clipped", "-128 is taken for -127.") {
            $0.apply(.input) { max($0, -127) }
        }.showing { $0.problem.types.input == .int8 },
        whole("int8-group-zero-points", "Zero points are taken by the place within the group.") {
            $0.filterZeros = $0.filterZeros.indices.map { [it = $0] in it.filterZeros[$0 % it.asked.filtersPerGroup] }
        }.showing { $0.isGrouped && Set($0.filterZeros).count > 1 },
        whole("int8-channel-fours", "Channels come in fours: what is left of them is not summed.") {
            $0.factors = { [whole = $0.asked.channelsPerGroup / 4 * 4] site, first, second in
                site.c < whole ? (first, second) : nil
            }
        }.showing { $0.asked.channelsPerGroup > 4 && $0.asked.channelsPerGroup % 4 != 0 },
        whole(
            "int8-two-groups-last-channel", "Two groups of 1x1 kernels: the last filter is wrong.", source: "xla#49123"
        ) {
            $0.finish = { [last = $0.asked.filters - 1] index, sum in index[3] == last ? 0 : sum }
        }.showing { $0.problem.groups == 2 && $0.asked.kernelHeight == 1 && $0.asked.kernelWidth == 1 },
    ]

    private static let quantized: [Fault] = [
        scaled("quantized-scales-by-channel", "Scales of filters are taken by input channel.") {
            $0.scale = { [it = $0] f in it.usualScale((f + 1) % it.asked.filters) }
        }.showing { $0.hasFilterScales },
        scaled("quantized-scales-take-the-first", "Every filter has the first one's scale.") {
            $0.scale = { [it = $0] _ in it.usualScale(0) }
        }.showing { $0.hasFilterScales },
        scaled("quantized-scales-by-group", "Scales are taken by the place within the group.") {
            $0.scale = { [it = $0] f in it.usualScale(f % it.asked.filtersPerGroup) }
        }.showing { $0.hasFilterScales && $0.isGrouped },
        scaled("quantized-output-zero-point-ignored", "The output's zero point is not added.") {
            $0.quantization?.output?.zeroPoints = [0]
        }.showing { $0.outputZero != 0 },
        scaled("quantized-output-zero-point-subtracted", "The output's zero point is subtracted.") {
            let zero = $0.outputZero
            $0.quantization?.output?.zeroPoints = [-zero]
        }.showing { $0.outputZero != 0 },
        scaled(
            "quantized-zero-point-before-rounding-scaled", "The output's zero point is divided by the output's scale."
        ) {
            let zero = Double($0.outputZero) / Double($0.quantization?.output?.scales[0] ?? 1)
            $0.quantization?.output?.zeroPoints = [Int(min(max(zero, -1e6), 1e6))]
        }.showing { $0.outputZero != 0 },
        scaled("quantized-truncates", "The scaled sum is rounded toward zero.") {
            $0.round = { $0.rounded(.towardZero) }
        },
        scaled("quantized-floors", "The scaled sum is rounded down.") {
            $0.round = { $0.rounded(.down) }
        },
        scaled("quantized-input-scale-ignored", "The input's scale is left out.") {
            $0.scale = { [it = $0] f in it.usualScale(f) / Double(it.quantization?.input.scales[0] ?? 1) }
        },
        scaled("quantized-output-scale-multiplied", "The sum is multiplied by the output's scale.") {
            $0.scale = { [it = $0] f in
                let scale = Double(it.quantization?.output?.scales[0] ?? 1)
                return it.usualScale(f) * scale * scale
            }
        },
        scaled("quantized-wraps-around", "What is beyond the type wraps around.") {
            $0.narrow = { [type = $0.type] number in
                let whole = Int(min(max(number, -1e9), 1e9))
                return type == .int8
                    ? Double(Int8(truncatingIfNeeded: whole)) : Double(UInt8(truncatingIfNeeded: whole))
            }
        },
        scaled("quantized-clamped-to-int8", "A uint8 answer is kept within int8's range.") {
            $0.narrow = { min(max($0, 0), 127) }
        }.showing { $0.type == .uint8 },
        scaled("quantized-relu", "Nothing below the zero point is given.") {
            $0.narrow = { [zero = Double($0.outputZero)] in max($0, zero) }
        },
        scaled("quantized-bias-scaled-again", "The bias is taken to have the output's scale.") {
            let it = $0
            $0.bias = $0.bias.map { bias in bias.indices.map { bias[$0] / max(it.usualScale($0), 1e-9) } }
        }.showing { $0.bias != nil },
        scaled("quantized-bias-ignored", "The bias is left out.") {
            $0.bias = nil
        }.showing { $0.bias != nil },
        scaled("quantized-multiplier-of-8-bits", "The factor between sum and answer has 8 significant bits.") {
            $0.scale = { [it = $0] f in BFloat16(nearest: it.usualScale(f)).double }
        },
        scaled("quantized-multiplier-a-power-of-two", "The factor between sum and answer is taken for a power of two.")
        {
            $0.scale = { [it = $0] f in Double(sign: .plus, exponent: it.usualScale(f).exponent, significand: 1) }
        },
    ]

    /// In numbers of 8 bits, whether the answer is quantized or not.
    private static func whole(
        _ name: String, _ summary: String, source: String? = nil,
        spoil: @escaping @Sendable (inout FaultableSums) -> Void
    ) -> Fault {
        Fault(
            summing: name, .quantization, summary, source: source,
            when: { $0.problem.types.output.format == nil }, spoil: spoil)
    }

    private static func scaled(
        _ name: String, _ summary: String,
        spoil: @escaping @Sendable (inout FaultableSums) -> Void
    ) -> Fault {
        Fault(
            summing: name, .quantization, summary, when: { $0.problem.types.kind == .quantized },
            spoil: spoil)
    }
}

extension FaultableSums {
    fileprivate var hasFilterScales: Bool { Set(quantization?.filter.scales ?? []).count > 1 }
    fileprivate var outputZero: Int { quantization?.output?.zeroPoints[0] ?? 0 }

    /// Input scale * filter scale / output scale.
    fileprivate func usualScale(_ f: Int) -> Double {
        guard let quantization, let output = quantization.output else { return 1 }
        return Double(quantization.input.scales[0]) * Double(quantization.filterScale(f)) / Double(output.scales[0])
    }
}
