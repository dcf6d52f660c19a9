import Convolution
import _TestSupport

@testable import ExactArithmetic

/// One convolution's answer by every way of summing that suits it.
struct AllWays {
    let problem: Problem
    let operands: Operands
    /// By the accumulator, for every element.
    let accumulated: ExactAnswer
    /// By sums with their errors; the accumulator decides what these leave open.
    let compensated: ExactAnswer
    /// By the same, told on what grid the products lie, where they lie on one.
    let onGrid: ExactAnswer?
    /// How sums of floating-point numbers are exact, where they are.
    let way: ExactBounds.Way?
    /// By plain sums, where they are exact.
    let plain: ExactAnswer?
    /// By depthwise sums, where they are exact, and the problem is one of them.
    let depthwise: ExactAnswer?
    /// By matrix products of the machine's library, and by those of plain loops.
    let matrices: [ExactAnswer]

    init(_ problem: Problem, _ operands: Operands, workers: Int = 1) throws {
        (self.problem, self.operands) = (problem, operands)
        let geometry = try problem.geometry(of: operands)
        let operation = problem.operation
        let factors = Factors(operation, of: operands)
        let bias = operands.bias?.doubles.elements
        let bounds = ExactBounds(factors, bias: bias, products: geometry.productsPerAnswer(of: operation))
        func definition(_ arithmetic: SummedRuns.Arithmetic, unit: Double = 0) -> SummedRuns {
            SummedRuns(
                geometry, operation, factors: factors, bias: bias, isWide: problem.types.output == .float64,
                arithmetic: arithmetic, unit: unit)
        }
        func answer(_ rows: some ExactRows) -> ExactAnswer {
            ExactConvolution(workers: workers).compute(rows, geometry.shape(of: operation.answer))
        }
        accumulated = answer(definition(.accumulated))
        compensated = answer(definition(.compensated))
        way = bounds?.way
        guard let bounds, let way, geometry.productsPerAnswer(of: operation) > 0 else {
            (onGrid, plain, depthwise, matrices) = (nil, nil, nil, [])
            return
        }
        onGrid = answer(definition(.compensated, unit: bounds.unit))
        let isWhole = way == .float32 || way == .float64
        plain = isWhole ? answer(definition(.plain)) : nil
        depthwise =
            isWhole && DepthwiseRows.suits(geometry, operation) ? answer(DepthwiseRows(definition(.plain))) : nil
        matrices = [MatrixProduct.shared, .plain].flatMap { product in
            // What float32 holds float64 does.
            let wide = MatrixRows<Double>(definition(.compensated), way, product: product)
            guard way == .float32 else { return [answer(wide)] }
            return [answer(wide), answer(MatrixRows<Float>(definition(.compensated), way, product: product))]
        }
    }

    /// The ways whose bits differ from the accumulator's, by name; NaN is equal to NaN.
    var differences: [String] {
        var answers = [("compensated", compensated)] + matrices.enumerated().map { ("matrix \($0)", $1) }
        if let onGrid { answers.append(("on a grid", onGrid)) }
        if let depthwise { answers.append(("depthwise", depthwise)) }
        if let plain { answers.append(("plain", plain)) }
        return answers.filter { !$0.1.hasBits(of: accumulated) }.map(\.0)
    }
}

extension ExactAnswer {
    /// Whether two answers have the same bits, also where they are NaN or zero.
    func hasBits(of other: ExactAnswer) -> Bool {
        func bits(_ numbers: [Double]) -> [UInt64] { numbers.map { $0.isNaN ? 1 : $0.bitPattern } }
        return bits(expected.elements) == bits(other.expected.elements) && bits(odd) == bits(other.odd)
            && magnitude.elements.map(\.bitPattern) == other.magnitude.elements.map(\.bitPattern)
    }
}

extension Problem {
    /// A random problem with enough columns for matrix products, and of more than one image.
    static func randomOfMatrices(
        _ operation: Convolution.Operation, _ type: ElementType, using random: inout RandomNumbers
    ) -> Problem {
        var problem = Problem.random(operation, type, using: &random)
        if operation == .inputGradient {
            problem.input[3] *= 4
            problem.filter[2] *= 4
        } else {
            problem.filter[3] *= 4
        }
        problem.biasCount = problem.biasCount.map { $0 * 4 }
        return problem
    }
}
