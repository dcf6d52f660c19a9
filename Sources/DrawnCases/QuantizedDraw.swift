package import Convolution
internal import ExactArithmetic

/// Quantized data of which no value lies near the middle between two answers: `Scripts/golden/suites/integer_data.py`.
///
/// Input and filter lie whole steps from their zero points, over the whole range of their types, and so all sums are
/// multiples of the product of the steps, by an odd multiple of which the scales divide them.
package struct QuantizedDraw {
    private static let steps: [Role: Int] = [.input: 7, .filter: 9]
    /// All sums are multiples of it.
    package static let unit = 7 * 9
    /// How far from a tie a value has to lie: 2^-8 + 2^-20 of it.
    private static let leastDistance = (absolute: 0x1p-8, relative: 0x1p-20)

    private let quantization: Quantization
    private let problem: Problem

    /// - Parameter quantization: to draw, its zero points matter alone.
    package init(_ quantization: Quantization, _ problem: Problem) {
        self.quantization = quantization
        self.problem = problem
    }

    /// Draws every operand; the bias such that sums are about as often above as below zero.
    package func draw(_ drawn: inout DrawnNumbers, seed: UInt64) {
        for (role, shape) in drawn.roles where role != .bias {
            let range = problem.types[role].range ?? 0...0
            let step = QuantizedDraw.steps[role] ?? 1
            let bits = Draw.bits(24, count: shape.count, stream: Draw.Stream(role).rawValue, seed: seed)
            drawn[role] = bits.enumerated().map { place, bits in
                let zero =
                    role == .filter
                    ? quantization.filterZeroPoint(place % max(shape[3], 1)) : quantization.input.zeroPoints[0]
                let (lowest, highest) = (-((zero - range.lowerBound) / step), (range.upperBound - zero) / step)
                return Double((lowest + (Int(bits) * (highest - lowest + 1)) >> 24) * step + zero)
            }
        }
        guard let filters = problem.biasCount, filters > 0 else { return }
        drawn[.bias] = [Double](repeating: 0, count: filters)
        let unit = Self.unit
        let sums = sums(drawn.operands(problem, quantization)).map { Int($0) / unit }
        let places = sums.count / filters
        let means = (0..<filters).map { f in
            let sum = stride(from: f, to: sums.count, by: filters).reduce(0) { $0 + sums[$1] }
            return -Int((Double(sum) / Double(max(places, 1))).rounded(.down))
        }
        let most = sums.indices.reduce(4) { max($0, abs(sums[$1] + means[$1 % filters])) }
        let spread = most / 4
        let bits = Draw.bits(24, count: filters, stream: Draw.Stream.bias.rawValue, seed: seed)
        drawn[.bias] = bits.enumerated().map { f, bits in
            Double((means[f] + (Int(bits) * (2 * spread + 1)) >> 24 - spread) * unit)
        }
    }

    /// Whether some value lies so near to a tie that engines which multiply otherwise may answer otherwise.
    package func isNearTie(_ operands: Operands) -> Bool {
        guard let output = quantization.output else { return false }
        let bias = operands.bias?.doubles.elements
        let filters = problem.filter[3]
        return sums(operands).enumerated().contains { place, sum in
            let f = place % filters
            let scale = Double(quantization.input.scales[0]) * Double(quantization.filterScale(f))
            let value = (sum + (bias?[f] ?? 0)) * scale / Double(output.scales[0])
            let distance = abs(value.magnitude - value.magnitude.rounded(.down) - 0.5)
            // float64 is far more exact than that, a little on the sure side.
            let (absolute, relative) = QuantizedDraw.leastDistance
            return distance <= (absolute + relative * value.magnitude) * 1.001
        }
    }

    /// The sums before the bias, in C order of the answer.
    package func sums(_ operands: Operands) -> [Double] {
        var (problem, factors) = (problem, operands)
        (problem.types.output, problem.biasCount, factors.bias) = (.int32, nil, nil)
        factors.quantization = Quantization(
            input: .init(zeroPoints: quantization.input.zeroPoints),
            filter: .init(zeroPoints: quantization.filter.zeroPoints))
        return (try? ExactConvolution().expected(of: problem, factors).elements) ?? []
    }
}
