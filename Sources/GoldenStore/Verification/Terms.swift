internal import Conformance
internal import Convolution

/// The terms of each element of a case's answer: the products, exact in float64 but for float64's own, of what lies inside
/// the input, and the bias.
struct Terms {
    private let runs: ProductRuns
    private let factors: [[Double]]
    private let bias: [Double]?
    /// The answer's shape.
    private let shape: Shape

    /// - Throws: `InvalidProblem` where there is no output.
    init(_ problem: Problem, _ operands: Operands) throws {
        let geometry = try problem.geometry()
        runs = ProductRuns(geometry, problem.operation)
        shape = geometry.shape(of: problem.operation.answer)
        let factors = problem.operation.factors.map { operands[$0]?.reordered(to: .logical).doubles.elements ?? [] }
        self.factors = factors.count > 1 ? factors : factors + [[1]]
        bias = operands.bias?.doubles.elements
    }

    /// Gives each term of the element at a place in C order to `body`.
    func forEach(at place: Int, _ body: (Double) -> Void) {
        let (rest, l) = place.quotientAndRemainder(dividingBy: shape[3])
        let (row, k) = rest.quotientAndRemainder(dividingBy: shape[2])
        let (i, j) = row.quotientAndRemainder(dividingBy: shape[1])
        runs.forEach(i, j, k, l) { run in
            for turn in 0..<run.count {
                body(
                    factors[0][run.first + turn * run.firstStep] * factors[1][run.second + turn * run.secondStep])
            }
        }
        if let bias { body(bias[l]) }
    }
}
