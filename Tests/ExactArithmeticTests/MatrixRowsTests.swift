import Convolution
import Testing
import _TestSupport

@testable import ExactArithmetic

/// Exact sums by matrix products, against the same sums by integer arithmetic.
@Suite struct MatrixRowsTests {
    /// What both ways give; `matrix` is nil where matrix products do not fit the problem.
    private func outputs(_ call: Call) throws -> (integer: ExactAnswer, matrix: ExactAnswer?) {
        let geometry = try call.problem.geometry()
        let operands = try #require(
            IntegerOperands(
                geometry: geometry, input: call.input.elements.map { Double($0) },
                filter: call.filter.elements.map { Double($0) }, bias: call.bias?.map { Double($0) }))
        let reference = ExactConvolution(workers: 2)
        return (
            reference.compute(IntegerRows(operands), geometry.outputShape),
            MatrixRows(operands).map { reference.compute($0, geometry.outputShape) }
        )
    }

    @Test func thisMachineHasAMatrixProduct() {
        #expect(MatrixProduct.shared != nil, "install libopenblas0: the tests of this suite need it")
    }

    @Test func bothWaysGiveTheSameBits() throws {
        var random = RandomNumbers(seed: 21)
        for trial in 0..<60 {
            var problem = Problem.random(using: &random)
            problem.filter[3] *= 4
            problem.biasCount = problem.biasCount.map { $0 * 4 }
            let call = Call(problem) {
                switch trial % 3 {
                case 0: random.integer(1000)
                case 1: random.real()
                default: random.real(exponents: 0...4)
                }
            }
            let (integer, matrix) = try outputs(call)
            #expect(matrix != nil && integer == matrix, "\(call.problem)")
        }
    }

    /// The largest sums of every sign that one product can take, one more, and the largest that halves can.
    @Test(arguments: [1 << 5, 1 << 5 + 1, 1 << 13], [Float(1), -1])
    func largestSumsAreExact(count: Int, sign: Float) throws {
        let odd = Float(1 << 24 - 1)
        var input = [Float](repeating: odd, count: count)
        input[count / 2] = sign * odd
        let filter = [Float](repeating: 0, count: 4 * count).indices.map { $0 % 4 == 1 ? -odd : odd - Float($0 % 4) }
        let problem = Problem(input: [1, 1, 1, count], filter: [1, 1, count, 4])
        let (integer, matrix) = try outputs(Call(problem, input: input, filter: filter, bias: [1, -1, 0, 0.5]))
        #expect(matrix != nil && integer == matrix)
    }

    @Test func fewFiltersAreLeftToIntegers() throws {
        let problem = Problem(input: [1, 1, 1, 2], filter: [1, 1, 2, 3])
        #expect(try outputs(Call(problem, input: [1, 2], filter: [1, 2, 3, 4, 5, 6])).matrix == nil)
    }

    /// More rows than one matrix of patches holds, in several groups, by more workers than there are rows in a block.
    @Test func blocksOfRowsJoin() throws {
        var random = RandomNumbers(seed: 22)
        let problem = Problem(
            input: [3, 40, 30, 32], filter: [3, 3, 16, 10], biasCount: 10, padding: .sameUpper, groups: 2)
        let (integer, matrix) = try outputs(Call(problem) { random.real() })
        #expect(matrix != nil && integer == matrix)
    }
}
