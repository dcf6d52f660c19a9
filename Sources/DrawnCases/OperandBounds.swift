internal import Convolution

/// How large the whole numbers of an operation's operands are drawn, so that every partial sum is exact in their type.
///
/// As the generator has it (`Scripts/golden/drawing/operands.py`): in float32 and float64 by K m^2 + m_bias <= 2^p, in a type
/// of 16 bits so that the magnitudes of an element's products may be expected to sum up to 2^p; where the products are too
/// many for that, some of a factor's numbers become zero.
struct OperandBounds {
    /// Of each factor, in the operation's order, and of the bias.
    let factors: [Int]
    let bias: Int
    /// The share of the last factor's numbers that are not made zero.
    let density: Double

    /// - Parameter geometry: of the problem, whose tensors have one floating-point type.
    init(_ problem: Problem, _ geometry: Geometry) {
        let products = max(geometry.productsPerAnswer(of: problem.operation), 1)
        let type = problem.types.output
        let limit = 1 << min(type.format?.significandBits ?? 24, 53)
        var isThin = type.isShortFloat
        if problem.operation.factors.count == 1 {
            (factors, bias) = ([min(127, max(1, limit / products))], 0)
        } else if type.isShortFloat {
            let bias = limit / 8
            let room = limit - (problem.biasCount == nil ? 0 : bias)
            var best = (1, 1)
            for second in 1...32 {
                for first in second...3 * second {
                    guard OperandBounds.likelySum(products, first, second) <= Double(room) else { continue }
                    if (first * second, second) > (best.0 * best.1, best.1) { best = (first, second) }
                }
            }
            (factors, self.bias) = ([best.0, best.1], bias)
        } else if type == .float64 {
            let bound = min(1 << 24 - 1, OperandBounds.root(1 << 52 / products))
            (factors, bias) = ([bound, bound], 1 << 36)
        } else {
            let bound = min(127, OperandBounds.root(1 << 23 / products))
            isThin = bound == 0
            (factors, bias) = ([max(bound, 1), max(bound, 1)], max(bound * bound, 1))
        }
        density = isThin ? min(1, Double(limit) * 0.75 / max(OperandBounds.likelySum(products, 1, 1), 1)) : 1
    }

    /// What the magnitudes of so many products of numbers up to two bounds hardly ever exceed in sum.
    private static func likelySum(_ products: Int, _ first: Int, _ second: Int) -> Double {
        func mean(_ bound: Int) -> Double { Double(bound * (bound + 1)) / Double(2 * bound + 1) }
        let number = Double(products)
        return min(number * Double(first * second), mean(first) * mean(second) * (number + 3.6 * number.squareRoot()))
    }

    private static func root(_ number: Int) -> Int { Int(Double(number).squareRoot()) }
}
