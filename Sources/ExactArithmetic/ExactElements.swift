public import Convolution

/// A place of an answer, whose elements differ by the last axis alone: batch, row and column of an output or of an input's
/// gradient; row, column and channel of a filter's.
public struct AnswerPosition: Hashable, Sendable {
    public let first: Int
    public let second: Int
    public let third: Int

    public init(_ first: Int, _ second: Int, _ third: Int) {
        (self.first, self.second, self.third) = (first, second, third)
    }
}

/// Exact sums, rounded once to float64, and the sums of magnitudes, rounded up to float32: `[positions, columns]`.
public struct ExactElements: Sendable {
    public internal(set) var expected: [Double]
    public internal(set) var magnitude: [Float]
    let columns: Int

    init(positions: Int, columns: Int) {
        expected = [Double](repeating: 0, count: positions * columns)
        magnitude = [Float](repeating: 0, count: positions * columns)
        self.columns = columns
    }

    /// Takes a row of another answer for the elements of a position.
    mutating func set(_ position: Int, to answer: ExactAnswer, row: Int) {
        for column in 0..<columns {
            expected[position * columns + column] = answer.expected.elements[row * columns + column]
            magnitude[position * columns + column] = answer.magnitude.elements[row * columns + column]
        }
    }
}

extension ExactConvolution {
    /// Some elements of an exact answer, without the others.
    ///
    /// - Parameters:
    ///   - problem: of any operation but a bias gradient; not of quantized answers.
    ///   - columns: indices of the answer's last axis, all in one group: filters, or channels of an input gradient.
    /// - Throws: `InvalidProblem` where the problem has no output.
    public func elements(
        of problem: Problem, _ operands: Operands, at positions: [AnswerPosition], columns: [Int]
    ) throws(InvalidProblem) -> ExactElements {
        let geometry = try problem.geometry()
        if columns.isEmpty || positions.isEmpty { return ExactElements(positions: 0, columns: 0) }
        switch problem.operation {
        case .forward, .inputGradient:
            return try WindowElements(geometry, problem, operands, columns: columns).elements(at: positions, self)
        case .filterGradient:
            return try TapElements(geometry, problem, operands, filters: columns).elements(at: positions, self)
        case .biasGradient: preconditionFailure("a bias gradient has no positions")
        }
    }
}
