import Convolution
import Testing
import _TestSupport

@testable import ExactArithmetic

/// Exact sums of every operation: every way of summing against the accumulator, and against the definition.
@Suite struct SummedRunsTests {
    /// A random problem of an operation in a type, with numbers from `element` as operands.
    private func drawn(
        _ operation: Convolution.Operation, _ type: ElementType, _ random: inout RandomNumbers,
        _ element: (inout RandomNumbers) -> Double
    ) throws -> (Problem, Operands) {
        let problem = Problem.random(operation, type, using: &random)
        return (problem, try problem.operands { element(&random) })
    }

    /// Whole numbers, reals, numbers of many exponents, sums that cancel, the ends of the range, and what is not finite.
    @Test(arguments: Convolution.Operation.allCases, [ElementType.float32, .float64, .bfloat16])
    func everyWayGivesTheSameBits(operation: Convolution.Operation, type: ElementType) throws {
        var random = RandomNumbers(seed: 50)
        for trial in 0..<18 {
            let (problem, operands) = try drawn(operation, type, &random) { random in
                let chance = random.next() % 64
                return switch trial % 9 {
                case 0: Double(random.integer(1000)) * 0x1p-30
                case 1: Double(random.real())
                case 2: Double(random.real(exponents: -40...40))
                case 3: Double(random.finite())
                case 4: chance == 0 ? .infinity : chance == 1 ? .nan : Double(random.real(exponents: -20...20))
                case 5: Double(random.real()) * (type == .float64 ? 0x1p-520 : 0x1p-120)
                case 6: Double(random.real()) + Double(random.real()) * 0x1p-29
                case 7: chance < 32 ? 1 : chance < 60 ? -1 : 0x1p-60
                default: chance == 0 ? .greatestFiniteMagnitude : chance == 1 ? -.greatestFiniteMagnitude : 1
                }
            }
            let found = try AllWays(problem, operands)
            #expect(found.differences == [], "\(trial) \(problem)")
            let answer = try ExactConvolution(workers: 1 + trial % 2).answer(to: problem, operands)
            #expect(answer.hasBits(of: found.accumulated), "\(trial) \(problem)")
        }
    }

    /// Small whole numbers, in every type that has them, whatever the memory order and the number of threads.
    @Test(arguments: Convolution.Operation.allCases)
    func everyTypeGivesWhatTheDefinitionDoes(operation: Convolution.Operation) throws {
        var random = RandomNumbers(seed: 51)
        for type in [ElementType.float64, .float32, .float16, .bfloat16] {
            for trial in 0..<3 {
                let (problem, operands) = try drawn(operation, type, &random) { Double($0.integer(3)) }
                let exact = try ExactConvolution(workers: 1 + trial)
                    .answer(to: problem, operands.reordered(to: LayoutPair(.nchw, .oihw)))
                #expect(try exact.rounded(to: type) == definition(problem, operands), "\(problem)")
            }
        }
    }

    /// The magnitude is the answer to the operands' magnitudes.
    @Test(arguments: Convolution.Operation.allCases)
    func magnitudesAreSumsOfMagnitudes(operation: Convolution.Operation) throws {
        var random = RandomNumbers(seed: 52)
        for _ in 0..<4 {
            let (problem, operands) = try drawn(operation, .float32, &random) { Double($0.integer(9)) }
            var positive = operands
            for role in Role.allCases {
                positive[role] = operands[role]?.of(Float.self).map { .float32($0.map(\.magnitude)) }
            }
            let exact = try ExactConvolution().answer(to: problem, operands)
            #expect(try .float32(exact.magnitude) == definition(problem, positive), "\(problem)")
        }
    }

    /// Numbers on no common grid of 62 bits are left to the accumulator: the sum of 106-bit products, rounded once.
    @Test func productsOfFloat64AreNotRounded() throws {
        let problem = Problem(input: [1, 1, 1, 2], filter: [1, 1, 2, 1], types: ElementTypes(.float64))
        let (a, b) = (1 + 0x1p-52, 1 - 0x1p-53)
        let operands = Operands(
            input: AnyTensor(nearest: [a, -1], type: .float64, shape: problem.input),
            filter: AnyTensor(nearest: [b, 1], type: .float64, shape: problem.filter))
        // (1 + 2^-52)(1 - 2^-53) - 1 = 2^-53 - 2^-105.
        let exact = try ExactConvolution().answer(to: problem, operands)
        #expect(exact.expected.elements == [0x1p-53 - 0x1p-105])
        #expect(exact.rounded(to: Double.self).elements == exact.expected.elements)
    }

    /// Of float64 the largest and the least numbers meet in one sum.
    @Test func theWholeRangeOfFloat64IsExact() throws {
        let problem = Problem(input: [1, 1, 1, 3], filter: [1, 1, 3, 1], types: ElementTypes(.float64))
        let greatest = Double.greatestFiniteMagnitude
        let operands = Operands(
            input: AnyTensor(
                nearest: [greatest, greatest, .leastNonzeroMagnitude], type: .float64, shape: problem.input),
            filter: AnyTensor(nearest: [2, -2, 3], type: .float64, shape: problem.filter))
        let exact = try ExactConvolution().answer(to: problem, operands)
        #expect(exact.expected.elements == [3 * .leastNonzeroMagnitude])
        #expect(exact.magnitude.elements == [.infinity])
    }

    /// Padding is the zero point, and adds nothing; a quantized answer is scaled, rounded to even, shifted and cut off.
    @Test func wholeNumbersLessTheirZeroPoints() throws {
        let types = ElementTypes(input: .uint8, filter: .int8, output: .int32)
        var problem = Problem(
            input: [1, 1, 2, 1], filter: [1, 2, 1, 2], padding: .explicit(Pads(top: 0, bottom: 0, left: 1, right: 0)),
            types: types)
        var operands = Operands(
            input: AnyTensor(nearest: [10, 250], type: .uint8, shape: problem.input),
            filter: AnyTensor(nearest: [-128, 127, 3, -3], type: .int8, shape: problem.filter),
            quantization: Quantization(input: .init(zeroPoints: [20]), filter: .init(zeroPoints: [-1, 2])))
        // Less their zero points: 10 - 20, 250 - 20; filter 0: -127, 4; filter 1: 125, -5.
        let sums: [Double] = [-40, 50, 1270 + 920, -1250 - 1150]
        #expect(try ExactConvolution().answer(to: problem, operands).expected.elements == sums)
        problem.types.output = .uint8
        problem.biasCount = 2
        operands.bias = AnyTensor(vector: [10, -50] as [Int32])
        operands.quantization?.input.scales = [0.5]
        operands.quantization?.filter.scales = [0.25, 1]
        operands.quantization?.output = .init(zeroPoints: [3], scales: [0.5])
        // With the bias -30, 0, 2200, -2450; times 1/4 and 1: -7.5, 0, 550, -2450; to even -8; plus 3.
        let exact = try ExactConvolution().answer(to: problem, operands)
        #expect(exact.expected.elements == [0, 3, 255, 0])
        #expect(exact.rounded(to: .uint8).doubles.elements == [0, 3, 255, 0])
        problem.types.output = .int8
        operands.quantization?.output?.zeroPoints = [-3]
        #expect(try ExactConvolution().answer(to: problem, operands).expected.elements == [-11, -3, 127, -128])
    }
}
