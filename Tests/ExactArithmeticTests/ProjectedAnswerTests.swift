import Convolution
import ExactArithmetic
import Testing
import _TestSupport

@Suite struct ProjectedAnswerTests {
    static let operations: [Convolution.Operation] = [.forward, .inputGradient, .filterGradient]

    /// Small whole numbers, whose sums are exact in every order; of forward convolutions also of 8 bits, with zero points.
    private func drawn(
        _ operation: Convolution.Operation, _ seed: UInt64
    ) throws -> (problem: Problem, operands: Operands, random: RandomNumbers) {
        var random = RandomNumbers(seed: seed)
        var problem = Problem.random(operation, using: &random)
        let isWhole = operation == .forward && seed % 3 == 0
        if isWhole {
            problem.types = ElementTypes(input: .uint8, filter: .int8, output: .int32)
            problem.biasCount = nil
        }
        var operands = try problem.operands { isWhole ? abs(Double(random.integer(50))) : Double(random.integer(50)) }
        if isWhole {
            let points = (0..<(seed % 2 == 0 ? 1 : problem.filter[3])).map { _ in Int.random(in: -9...9, using: &random)
            }
            operands.quantization = Quantization(input: .init(zeroPoints: [17]), filter: .init(zeroPoints: points))
        }
        return (problem, operands, random)
    }

    /// What the elements of a group add up to at a place, each times its number.
    private func sum(
        _ answer: [Double], _ place: Int, group: Int, size: Int, _ groups: Int, _ vector: [Double]
    ) -> Double {
        (group * size..<(group + 1) * size).reduce(0) { $0 + answer[place * size * groups + $1] * vector[$1] }
    }

    @Test(arguments: operations, 0..<100) func sumsAreThoseOfTheAnswer(
        operation: Convolution.Operation, seed: UInt64
    ) throws {
        var (problem, operands, random) = try drawn(operation, seed)
        let geometry = try problem.geometry()
        let answer = try ExactConvolution().expected(of: problem, operands)
        let (shape, size) = (answer.shape, geometry.elementsPerGroup(of: operation))
        let count = Int.random(in: 1...3, using: &random)
        let vectors = (0..<shape[3] * count).map { _ in Double(random.integer(1000)) }
        let projected = ProjectedAnswer(geometry, operation, operands, vectors: vectors)
        for first in 0..<shape[0] {
            let sums = projected.sums(at: first)
            #expect(sums.count == shape[1] * shape[2] * geometry.groups * count)
            for place in sums.indices {
                let (rest, vector) = place.quotientAndRemainder(dividingBy: count)
                let (pixel, group) = rest.quotientAndRemainder(dividingBy: geometry.groups)
                let numbers = (0..<shape[3]).map { vectors[$0 * count + vector] }
                let want = sum(
                    answer.elements, first * shape[1] * shape[2] + pixel, group: group, size: size, geometry.groups,
                    numbers)
                #expect(sums[place] == want, "\(problem)")
            }
        }
    }

    @Test(arguments: operations, 0..<30) func magnitudesAddUp(operation: Convolution.Operation, seed: UInt64) throws {
        let (problem, operands, _) = try drawn(operation, seed)
        let geometry = try problem.geometry()
        let magnitude = try ExactConvolution().answer(to: problem, operands).magnitude
        let (shape, size) = (magnitude.shape, geometry.elementsPerGroup(of: operation))
        let ones = [Double](repeating: 1, count: shape[3])
        let numbers = magnitude.elements.map { Double($0) }
        let projected = ProjectedAnswer(geometry, operation, operands, vectors: ones, areMagnitudes: true)
        for first in 0..<shape[0] {
            for (place, got) in projected.sums(at: first).enumerated() {
                let (pixel, group) = place.quotientAndRemainder(dividingBy: geometry.groups)
                let want = sum(
                    numbers, first * shape[1] * shape[2] + pixel, group: group, size: size, geometry.groups, ones)
                #expect(got == want, "\(problem)")
            }
        }
        // No element is larger than its bound.
        #expect(numbers.max() ?? 0 <= LargestMagnitude.bound(geometry, operation, operands), "\(problem)")
    }

    /// Elements that are computed alone have the bits that they have in the whole answer, whatever the data.
    @Test(arguments: operations, 0..<80) func elementsAreThoseOfTheAnswer(
        operation: Convolution.Operation, seed: UInt64
    ) throws {
        let types: [ElementType] = [.float32, .float64, .float16, .bfloat16]
        var (problem, operands, random) = try drawn(operation, seed)
        if problem.types.output.format != nil {
            problem.types = ElementTypes(types[Int(seed) % 4])
            operands = try problem.operands {
                Double(seed % 3 == 0 ? random.real(exponents: -9...9) : random.real())
            }
        }
        let geometry = try problem.geometry()
        let whole = try ExactConvolution().answer(to: problem, operands)
        let (shape, size) = (whole.expected.shape, geometry.elementsPerGroup(of: operation))
        for group in 0..<geometry.groups {
            let columns = (group * size..<(group + 1) * size).shuffled(using: &random)
            var positions = (0..<shape[0]).flatMap { i in
                (0..<shape[1]).flatMap { j in (0..<shape[2]).map { AnswerPosition(i, j, $0) } }
            }
            positions.shuffle(using: &random)
            let some = try ExactConvolution().elements(of: problem, operands, at: positions, columns: columns)
            for (row, at) in positions.enumerated() {
                for (number, column) in columns.enumerated() {
                    let place = row * columns.count + number
                    let want = whole.expected[at.first, at.second, at.third, column]
                    #expect(some.expected[place].bitPattern == want.bitPattern, "\(problem)")
                    #expect(some.magnitude[place] == whole.magnitude[at.first, at.second, at.third, column])
                }
            }
        }
    }
}
