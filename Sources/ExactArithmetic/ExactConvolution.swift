public import Convolution
internal import Dispatch

/// The exact mathematical sum of each element of a convolution's answer, rounded once to nearest even.
///
/// It depends on no order of summation. Where the numbers lie on a common grid (integers, or reals drawn on one), integer
/// arithmetic is exact; else an exact accumulator adds the products up. Both give the same bits.
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
        let geometry = try problem.geometry(of: operands)
        let shape = geometry.shape(of: problem.operation.answer)
        if shape.count == 0 { return ExactAnswer(zeros: shape) }
        let numbers = operands.reordered(to: .golden).centered(problem)
        if problem.operation == .forward, problem.types != ElementTypes(.float64),
            let operands = IntegerOperands(
                geometry: geometry, input: numbers.factors[0], filter: numbers.factors[1], bias: numbers.bias)
        {
            if let rows = MatrixRows(operands) { return finished(compute(rows, shape), problem, operands: numbers) }
            return finished(compute(IntegerRows(operands), shape), problem, operands: numbers)
        }
        let rows = SummedRuns(
            runs: ProductRuns(geometry, problem.operation), shape: shape, factors: numbers.factors, bias: numbers.bias,
            isWide: problem.types.output == .float64)
        return finished(compute(rows, shape), problem, operands: numbers)
    }

    func compute(_ rows: some ExactRows, _ shape: Shape) -> ExactAnswer {
        var answer = ExactAnswer(zeros: shape)
        answer.odd.elements.withUnsafeMutableBufferPointer { odd in
            answer.expected.elements.withUnsafeMutableBufferPointer { expected in
                answer.magnitude.elements.withUnsafeMutableBufferPointer { magnitude in
                    let results = ExactResults(expected: expected, odd: odd, magnitude: magnitude)
                    DispatchQueue.concurrentPerform(iterations: workers) { worker in
                        rows.compute(from: worker, step: workers, into: results)
                    }
                }
            }
        }
        return answer
    }

    /// The sums, or what becomes of them in a quantized answer.
    private func finished(_ answer: ExactAnswer, _ problem: Problem, operands: CenteredOperands) -> ExactAnswer {
        guard problem.types.kind == .quantized, let quantization = operands.quantization else { return answer }
        let rule = Requantization(quantization, type: problem.types.output)
        var answer = answer
        for (place, sum) in answer.expected.elements.enumerated() {
            let quantized = rule.quantized(Int64(sum), filter: place % problem.filter[3])
            answer.expected.elements[place] = Double(quantized)
        }
        answer.odd = answer.expected
        return answer
    }
}

/// Operands as numbers of float64, which holds those of every type, each less its zero point.
struct CenteredOperands {
    /// In the order of ``Operation/factors``, in logical memory order; of a bias gradient the second is the number 1.
    let factors: [[Double]]
    let bias: [Double]?
    let quantization: Quantization?
}

extension Operands {
    fileprivate func centered(_ problem: Problem) -> CenteredOperands {
        var factors = problem.operation.factors.map { self[$0]?.doubles.elements ?? [] }
        if factors.count == 1 { factors.append([1]) }
        if let quantization {
            let (zero, filters) = (Double(quantization.input.zeroPoints[0]), problem.filter[3])
            if zero != 0 { factors[0] = factors[0].map { $0 - zero } }
            if quantization.filter.zeroPoints != [0] {
                let zeros = (0..<filters).map { Double(quantization.filterZeroPoint($0)) }
                for place in factors[1].indices { factors[1][place] -= zeros[place % filters] }
            }
        }
        return CenteredOperands(factors: factors, bias: bias?.doubles.elements, quantization: quantization)
    }
}
