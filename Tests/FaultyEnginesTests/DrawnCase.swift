import Conformance
import Convolution
import ExactArithmetic
import FaultyEngines
import _TestSupport

extension GoldenCase {
    /// A case of small integers for a problem, with its exact output, or a rejection where the problem is invalid.
    static func drawn(
        _ problem: Problem, data: RelivedFault.Data = .integer, suite: String = "drawn", name: String = "case"
    ) throws -> GoldenCase {
        var stream = RandomNumbers(seed: 42)
        var input = Tensor(shape: problem.input) { _, _, _, _ in stream.nonzeroInteger() }
        let filter = Tensor(shape: problem.filter) { _, _, _, _ in stream.nonzeroInteger() }
        let bias = problem.biasCount.map { count in (0..<count).map { _ in stream.nonzeroInteger() } }
        var family = CaseHeader.DataFamily.integer
        if case .one(let number) = data {
            input[0, 0, problem.input[2] - 1, 0] = number
            family = .special
        }
        let exact = try? ExactConvolution().output(problem, input: input, filter: filter, bias: bias)
        let header = CaseHeader(
            suite: suite, name: name, problem: problem, data: family, expectation: exact == nil ? .rejection : .output)
        return GoldenCase(
            header: header, input: input, filter: filter, bias: bias,
            output: exact.map { GoldenCase.Output(expected: $0.expected, magnitude: $0.magnitude) })
    }

    /// The exact output of a case's own tensors.
    static func exact(_ golden: GoldenCase) throws -> Output {
        let exact = try ExactConvolution().output(
            golden.header.problem, input: golden.input, filter: golden.filter, bias: golden.bias)
        return Output(expected: exact.expected, magnitude: exact.magnitude)
    }
}
