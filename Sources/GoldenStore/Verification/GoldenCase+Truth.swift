public import Conformance
internal import ExactArithmetic

extension GoldenCase {
    /// The first number of the stored answer, or of one that is as right, which is not what the exact reference computes, in
    /// words; nil where all are, and for a case without an answer.
    ///
    /// - Throws: `InvalidProblem`, and what ``ExactArithmetic/ExactConvolution`` throws for a case that it cannot compute.
    public func differenceFromTruth() throws -> String? {
        guard let output else { return nil }
        let exact = try ExactConvolution().answer(to: header.problem, operands)
        let hasMagnitude = header.problem.types.output.format != nil
        return try output.difference(from: exact, hasMagnitude: hasMagnitude)
            ?? AlternativeCheck(self, exact: exact).difference()
    }
}

extension GoldenCase.Output {
    /// The first number that is not, bit for bit, that of the exact reference; NaN equals NaN, and -0 equals 0.
    fileprivate func difference(from exact: ExactAnswer, hasMagnitude: Bool) -> String? {
        for place in expected.elements.indices {
            let (stored, computed) = (expected.elements[place], exact.expected.elements[place])
            if !isSame(stored, computed) {
                return "expected element \(place) is \(stored), the exact reference computes \(computed)"
            }
            let (magnitude, bound) = (magnitude.elements[place], exact.magnitude.elements[place])
            if hasMagnitude, !isSame(magnitude, bound) {
                return "magnitude element \(place) is \(magnitude), the exact reference computes \(bound)"
            }
        }
        return nil
    }
}

/// Whether two numbers are equal, NaN to NaN.
func isSame<Number: BinaryFloatingPoint>(_ first: Number, _ second: Number) -> Bool {
    first == second || (first.isNaN && second.isNaN)
}
