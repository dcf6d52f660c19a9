import Convolution
internal import Foundation

extension Fault {
    /// Faults of operands of 16 and of 64 bits.
    static let shortTypes: [Fault] = half + brain + double

    private static let half: [Fault] = [
        of(.float16, "float16-sums", "Sums are kept in float16, undeclared.") {
            $0.add = { sum, first, second in Double(Float16(Float(sum) + Float(first) * Float(second))) }
        },
        of(.float16, "float16-products-rounded", "Each product is rounded to float16.") {
            $0.factors = { _, first, second in (Double(Float16(Float(first) * Float(second))), 1) }
        },
        of(.float16, "float16-through-bfloat16", "Operands pass through bfloat16.") {
            for role in $0.operation.factors { $0.apply(role) { BFloat16(nearest: $0).double } }
        },
        of(.float16, "float16-toward-zero", "The answer is rounded toward zero.") {
            $0.narrow = {
                towardZero($0) {
                    Double(Float16($0))
                } below: {
                    Double(Float16($0).nextDown)
                }
            }
        },
        of(
            .float16, "float16-subnormal-operands-misread",
            "Subnormal operands are read with the exponent of normal ones."
        ) {
            for role in $0.operation.factors {
                $0.apply(role) { $0 != 0 && abs($0) < 0x1p-14 ? ($0 < 0 ? -1 : 1) * (0x1p-15 + abs($0) / 2) : $0 }
            }
        },
        of(.float16, "float16-saturates", "What is beyond the range becomes its end, not an infinity.") {
            $0.narrow = { $0.isFinite && abs($0) > 65504 ? ($0 < 0 ? -65504 : 65504) : $0 }
        },
        of(.float16, "float16-infinity-at-65504", "The largest number is taken for an infinity.") {
            $0.narrow = { abs($0) >= 65488 ? $0 * .infinity : $0 }
        },
        of(.float16, "float16-intermediate-cast", "The sum is stored in float16 after each kernel row.") {
            $0.add = { [rows = $0.asked.kernelHeight] sum, first, second in
                let sum = Float(sum) + Float(first) * Float(second)
                return rows > 1 ? Double(Float16(sum)) : Double(sum)
            }
        },
        of(.float16, "float16-nan-lost", "A NaN becomes zero when it is narrowed.") {
            $0.narrow = { $0.isNaN ? 0 : $0 }
        },
        of(.float16, "float16-bias-in-bfloat16", "The bias has 8 significant bits.") {
            $0.bias = $0.bias?.map { BFloat16(nearest: $0).double }
        }.showing { $0.bias != nil },
        of(.float16, "float16-odd-channel-tail", "Pairs of channels are multiplied: the last odd one is left out.") {
            $0.factors = { [last = $0.asked.channelsPerGroup - 1] site, first, second in
                site.c == last ? nil : (first, second)
            }
        }.showing { $0.operation == .forward && $0.asked.channelsPerGroup % 2 == 1 && $0.asked.channelsPerGroup > 1 },
    ]

    private static let brain: [Fault] = [
        of(.bfloat16, "bfloat16-sums", "Sums are kept in bfloat16.") {
            $0.add = { sum, first, second in BFloat16(Float(sum) + Float(first) * Float(second)).double }
        },
        of(.bfloat16, "bfloat16-truncated", "The answer is cut to its upper half, not rounded.") {
            $0.narrow = { $0.isNaN ? $0 : Double(Float(bitPattern: Float($0).bitPattern & 0xFFFF_0000)) }
        },
        of(.bfloat16, "bfloat16-rounded-up", "The answer is rounded away from zero at every tie.") {
            $0.narrow = { number in
                let single = Float(number)
                return single.isFinite ? Double(Float(bitPattern: (single.bitPattern &+ 0xFFFF) & 0xFFFF_0000)) : number
            }
        },
        of(.bfloat16, "bfloat16-factors-of-7-bits", "Operands lose their last bit.") {
            for role in $0.operation.factors {
                $0.apply(role) { $0.isFinite ? Double(Float(bitPattern: Float($0).bitPattern & 0xFFFE_0000)) : $0 }
            }
        },
        of(.bfloat16, "bfloat16-float16-range", "The answer passes through float16: large numbers become infinite.") {
            $0.narrow = { Double(Float16($0)) }
        },
        of(.bfloat16, "bfloat16-nan-to-infinity", "A NaN whose upper half is that of an infinity becomes one.") {
            $0.narrow = { $0.isNaN ? .infinity : $0 }
        },
        of(.bfloat16, "bfloat16-halves-swapped-filters", "Two neighbouring filters change places in a packed word.") {
            $0.target = { _, index in [index[0], index[1], index[2], index[3] ^ 1] }
            $0.bias = $0.bias.map { bias in bias.indices.map { bias[$0 ^ 1] } }
        }.showing { $0.operation == .forward && $0.asked.filters % 2 == 0 },
        of(
            .bfloat16, "bfloat16-2x2-counts-once", "A 2x2 kernel counts the first of its taps alone.",
            source: "pytorch#163347"
        ) {
            $0.factors = { site, first, second in site.ky + site.kx == 0 ? (first, second) : nil }
        }.showing { $0.asked.kernelHeight == 2 && $0.asked.kernelWidth == 2 && $0.operation != .biasGradient },
        of(.bfloat16, "bfloat16-odd-channel-tail", "Pairs of channels are multiplied: the last odd one is left out.") {
            $0.factors = { [last = $0.asked.channelsPerGroup - 1] site, first, second in
                site.c == last ? nil : (first, second)
            }
        }.showing { $0.operation == .forward && $0.asked.channelsPerGroup % 2 == 1 && $0.asked.channelsPerGroup > 1 },
        of(
            .bfloat16, "bfloat16-bias-left-out",
            "The bias is added after the answer was rounded, as a float32 of its lower half."
        ) {
            $0.bias = nil
        }.showing { $0.bias != nil },
    ]

    private static let double: [Fault] = [
        of(.float64, "float64-in-float32", "Everything is computed in float32.") {
            $0.add = { sum, first, second in Double(Float(sum) + Float(first) * Float(second)) }
        },
        of(.float64, "float64-operands-of-float32", "Operands are rounded to float32, sums are not.") {
            for role in $0.operation.factors { $0.apply(role) { Double(Float($0)) } }
        },
        of(.float64, "float64-answer-of-float32", "The answer passes through float32.") {
            $0.narrow = { Double(Float($0)) }
        },
        of(.float64, "float64-filter-of-float32", "The filter alone is rounded to float32.") {
            $0.apply(.filter) { Double(Float($0)) }
        }.showing { $0.operands[.filter] != nil },
        of(.float64, "float64-sum-of-float32", "Products are exact, their sum has float32's bits.") {
            $0.add = { sum, first, second in Double(Float(sum + first * second)) }
        },
        of(.float64, "float64-products-of-float32", "Each product is rounded to float32.") {
            $0.factors = { _, first, second in (Double(Float(first * second)), 1) }
        },
        of(.float64, "float64-bias-of-float32", "The bias is rounded to float32.") {
            $0.bias = $0.bias?.map { Double(Float($0)) }
        }.showing { $0.bias != nil },
        of(.float64, "float64-of-30-bits", "Operands have 30 significant bits.") {
            for role in $0.operation.factors { $0.apply(role) { cut($0, bits: 30) } }
        },
        of(.float64, "float64-of-40-bits", "Sums keep 40 significant bits.") {
            $0.add = { sum, first, second in cut(sum + first * second, bits: 40) }
        },
        of(.float64, "float64-vector-tail", "Filters come in pairs: the last of an odd number is not computed.") {
            $0.finish = { [last = $0.asked.filters - 1] index, sum in index[3] == last ? 0 : sum }
        }.showing { $0.operation == .forward && $0.asked.filters % 2 == 1 && $0.asked.filters > 1 },
    ]

    private static func of(
        _ type: ElementType, _ name: String, _ summary: String, source: String? = nil,
        spoil: @escaping @Sendable (inout FaultableSums) -> Void
    ) -> Fault {
        Fault(
            summing: name, .elementTypes, summary, source: source, when: { $0.type == type },
            spoil: spoil)
    }
}

/// A number rounded toward zero: `nearest` of it, or the one `below` that, whose magnitude is given.
private func towardZero(_ number: Double, nearest: (Double) -> Double, below: (Double) -> Double) -> Double {
    let magnitude = abs(number)
    guard magnitude.isFinite else { return number }
    let rounded = nearest(magnitude) > magnitude ? below(magnitude) : nearest(magnitude)
    return number < 0 ? -rounded : rounded
}

/// A number with so many significant bits, the others cut off.
private func cut(_ number: Double, bits: Int) -> Double {
    guard number.isFinite, number != 0 else { return number }
    let mask = ~UInt64(0) << UInt64(53 - bits)
    return Double(bitPattern: number.bitPattern & mask)
}
