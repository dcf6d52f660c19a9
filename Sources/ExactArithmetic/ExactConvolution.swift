public import Convolution
internal import Dispatch

/// The exact mathematical sum of each element of a convolution's answer, rounded once to nearest even.
///
/// It depends on no order of summation. Where the numbers lie on a common grid (integers, or reals drawn on one), sums of
/// floating-point numbers are exact, or those of halves are; else the errors of all roundings are summed, too, and decide
/// almost every element; an exact accumulator decides the others. All give the same bits.
///
/// NaN and infinities propagate as in IEEE 754, over the products of elements inside the input: padding contributes
/// nothing, also under an infinite weight. A sum of exactly zero is +0.
public struct ExactConvolution: Sendable {
    /// How many threads compute one convolution.
    public let workers: Int

    /// - Parameter workers: how many threads compute one convolution; a run has its own, one case each.
    public init(workers: Int = 1) {
        precondition(workers >= 1, "\(workers) threads compute nothing")
        self.workers = workers
    }

    /// The exact answer.
    ///
    /// - Parameter operands: in any memory order.
    /// - Throws: `InvalidProblem` where the problem has no output, or the operands are not those that it describes.
    public func answer(to problem: Problem, _ operands: Operands) throws(InvalidProblem) -> ExactAnswer {
        try answer(to: problem, operands, hasMagnitudes: true)
    }

    /// The exact answer's ``ExactAnswer/expected`` alone, for half of the time or two thirds of it.
    ///
    /// - Parameter operands: in any memory order.
    /// - Throws: as ``answer(to:_:)`` does.
    public func expected(of problem: Problem, _ operands: Operands) throws(InvalidProblem) -> Tensor<Double> {
        try answer(to: problem, operands, hasMagnitudes: false).expected
    }

    private func answer(
        to problem: Problem, _ operands: Operands, hasMagnitudes: Bool
    ) throws(InvalidProblem) -> ExactAnswer {
        let geometry = try problem.geometry(of: operands)
        let shape = geometry.shape(of: problem.operation.answer)
        if shape.count == 0 { return ExactAnswer(shape: shape) { _ in } }
        let sums = sums(geometry, problem, operands, hasMagnitudes: hasMagnitudes)
        return finished(sums, problem, operands.quantization)
    }

    private func sums(
        _ geometry: Geometry, _ problem: Problem, _ operands: Operands, hasMagnitudes: Bool
    ) -> ExactAnswer {
        let operation = problem.operation
        let (factors, bias) = (Factors(operation, of: operands), operands.bias?.doubles.elements)
        let bounds = ExactBounds(factors, bias: bias, products: geometry.productsPerAnswer(of: operation))
        let isPlain = bounds?.way == .float32 || bounds?.way == .float64
        let definition = SummedRuns(
            geometry, operation, factors: factors, bias: bias,
            isWide: problem.types.output == .float64, arithmetic: isPlain ? .plain : .compensated,
            unit: bounds?.unit ?? 0)
        if isPlain, DepthwiseRows.suits(geometry, operation) {
            return compute(DepthwiseRows(definition), definition.shape)
        }
        guard let bounds, MatrixRows<Double>.suits(geometry, operation) else {
            return compute(definition, definition.shape)
        }
        if bounds.way == .float32 {
            return compute(MatrixRows<Float>(definition, bounds.way, hasMagnitudes: hasMagnitudes), definition.shape)
        }
        return compute(MatrixRows<Double>(definition, bounds.way, hasMagnitudes: hasMagnitudes), definition.shape)
    }

    func compute(_ rows: some ExactRows, _ shape: Shape) -> ExactAnswer {
        ExactAnswer(shape: shape) { results in
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                rows.compute(share: worker, of: workers, into: results)
            }
        }
    }

    /// The sums, or what becomes of them in a quantized answer.
    private func finished(_ answer: ExactAnswer, _ problem: Problem, _ quantization: Quantization?) -> ExactAnswer {
        guard problem.types.kind == .quantized, let quantization else { return answer }
        let rule = Requantization(quantization, type: problem.types.output)
        var answer = answer
        for (place, sum) in answer.expected.elements.enumerated() {
            let quantized = rule.quantized(Int64(sum), filter: place % problem.filter[3])
            answer.expected.elements[place] = Double(quantized)
        }
        answer.oddSteps = [Int8](repeating: 0, count: answer.oddSteps.count)
        return answer
    }
}
