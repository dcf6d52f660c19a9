import Convolution
import Testing
import _TestSupport

@testable import ExactArithmetic

/// Exact sums by matrix products, against the same sums by the accumulator.
@Suite struct MatrixRowsTests {
    @Test func thisMachineHasAMatrixProduct() {
        #expect(MatrixProduct.shared.isOfLibrary, "install libopenblas0: the tests of this suite need it")
        #expect(!MatrixProduct.plain.isOfLibrary)
    }

    /// Small whole numbers, larger ones, reals, and reals of several exponents, with zeros among them: sums in float32, in
    /// float64, in halves, of all operations and types.
    @Test(arguments: Convolution.Operation.allCases, [ElementType.float32, .float64, .float16])
    func everyWayGivesTheSameBits(operation: Convolution.Operation, type: ElementType) throws {
        var random = RandomNumbers(seed: 21)
        var ways: Set<String> = []
        for trial in 0..<24 {
            let problem = Problem.randomOfMatrices(operation, type, using: &random)
            let operands = try problem.operands {
                if random.next() % 8 == 0 { return 0 }
                return switch trial % 6 {
                case 0: Double(random.integer(3))
                case 1: Double(random.integer(3)) * 0x1p40
                case 2: Double(random.integer(1000)) * 0x1p-30
                case 3: Double(random.integer(1 << 22))
                case 4: Double(random.real())
                default: Double(random.real(exponents: 0...4))
                }
            }
            let found = try AllWays(problem, operands, workers: 1 + trial % 3)
            #expect(found.differences == [], "\(problem)")
            let answer = try ExactConvolution().answer(to: problem, operands)
            #expect(answer.hasBits(of: found.accumulated), "\(problem)")
            let sums = try ExactConvolution().expected(of: problem, operands).elements
            #expect(sums.map(\.bitPattern) == answer.expected.elements.map(\.bitPattern), "\(problem)")
            switch found.way {
            case .float32: ways.insert("float32")
            case .float64: ways.insert("float64")
            case .halves: ways.insert("halves")
            case nil: ways.insert("none")
            }
        }
        let wanted: Set =
            operation == .biasGradient || type == .float16 ? ["float32", "float64"] : ["float32", "float64", "halves"]
        #expect(ways.isSuperset(of: wanted.subtracting(type == .float16 ? ["float64"] : [])), "\(ways)")
    }

    /// The largest sums of every sign that each way can take, one more, and the largest that halves can.
    @Test(
        arguments: [1 << 5, 1 << 5 + 1, 1 << 13], [Float(1), -1])
    func largestSumsAreExact(count: Int, sign: Float) throws {
        let odd = Float(1 << 24 - 1)
        var input = [Float](repeating: odd, count: count)
        input[count / 2] = sign * odd
        let filter = [Float](repeating: 0, count: 4 * count).indices.map { $0 % 4 == 1 ? -odd : odd - Float($0 % 4) }
        var problem = Problem(input: [1, 1, 1, count], filter: [1, 1, count, 4], biasCount: 4)
        var operands = Operands(
            input: AnyTensor(nearest: input.map { Double($0) }, type: .float32, shape: problem.input),
            filter: AnyTensor(nearest: filter.map { Double($0) }, type: .float32, shape: problem.filter))
        for bias in [[1, -1, 0, 0.5], [0x1p40, -0x1p30, 0x1p-1, 1], nil] as [[Float]?] {
            problem.biasCount = bias?.count
            operands.bias = bias.map(AnyTensor.init(vector:))
            let found = try AllWays(problem, operands)
            #expect(found.matrices.count == 2 && found.differences == [], "\(String(describing: bias))")
        }
    }

    /// Whole numbers whose sums fill float32's significand, and one more.
    @Test(arguments: [0, 1]) func float32HoldsSumsUpTo24Bits(excess: Int) throws {
        let problem = Problem(input: [1, 1, 1, 16], filter: [1, 1, 16, 5], biasCount: 5)
        let operands = Operands(
            input: AnyTensor(nearest: [Double](repeating: 1023, count: 16), type: .float32, shape: problem.input),
            filter: AnyTensor(
                nearest: (0..<80).map { $0 % 3 == 0 ? -1023 : 1023 }, type: .float32, shape: problem.filter),
            bias: AnyTensor(vector: [Float](repeating: Float(1 << 24 - 16 * 1023 * 1023 + excess), count: 5)))
        let found = try AllWays(problem, operands)
        #expect(found.way == (excess == 0 ? .float32 : .float64))
        #expect(found.differences == [])
    }

    /// Sums of magnitudes that are a float32, or next to one, are rounded up as the definition says.
    @Test func magnitudesNextToAFloatAreDecided() throws {
        let problem = Problem(input: [1, 1, 1, 4], filter: [1, 1, 4, 6])
        let (large, small) = (Float(1 << 24 - 1), Float(3))
        // 2^-46 beyond a float32, exactly on one, and below one.
        let input: [Float] = [1, 1, 0x1p-23 * small, -1]
        var filter = [Float](repeating: 0, count: 24)
        for (column, last) in [0, 0x1p-23, -0x1p-23 * small, large * 0x1p-24, 0x1p-22, -0x1p-23].enumerated() {
            filter[column] = 1
            filter[6 + column] = large * 0x1p-23
            filter[12 + column] = Float(last)
        }
        let operands = Operands(
            input: AnyTensor(nearest: input.map { Double($0) }, type: .float32, shape: problem.input),
            filter: AnyTensor(nearest: filter.map { Double($0) }, type: .float32, shape: problem.filter))
        #expect(try AllWays(problem, operands).differences == [])
        // Products of which only one is not zero: every sum of magnitudes is one product.
        var random = RandomNumbers(seed: 23)
        for power in stride(from: 0, to: 24, by: 5) {
            let real = Problem(input: [1, 5, 5, 32], filter: [3, 3, 32, 8])
            var place = 0
            let operands = try real.operands {
                place += 1
                if place > 25 * 32 { return Double(random.real()) }
                return place % 97 == 0 ? Double(sign: .plus, exponent: -power, significand: 1) : 0
            }
            let found = try AllWays(real, operands)
            #expect(found.differences == [], "\(power)")
        }
    }

    /// More pixels than one block of patches holds, in several groups, by more workers than there are blocks.
    @Test(arguments: [Convolution.Operation.forward, .inputGradient, .filterGradient])
    func blocksJoin(operation: Convolution.Operation) throws {
        var random = RandomNumbers(seed: 22)
        var problem = Problem(input: [2, 16, 14, 12], filter: [3, 3, 6, 10], padding: .sameUpper, groups: 2)
        problem.operation = operation
        let operands = try problem.operands { Double(random.real()) }
        for workers in [1, 7] {
            let found = try AllWays(problem, operands, workers: workers)
            #expect(!found.matrices.isEmpty && found.differences == [])
        }
    }

    /// More channels than one block of the inner extent holds, and more taps.
    @Test(arguments: [[1, 3, 4, 800], [1, 9, 9, 40]] as [Shape], [Convolution.Operation.forward, .inputGradient])
    func innerBlocksJoin(input: Shape, operation: Convolution.Operation) throws {
        var random = RandomNumbers(seed: 24)
        let kernel = input[3] == 40 ? 5 : 1
        let filters = operation == .inputGradient ? input[3] : 4
        let channels = operation == .inputGradient ? 4 : input[3]
        var problem = Problem(
            input: [1, input[1], input[2], channels], filter: [kernel, kernel, channels, filters], padding: .sameUpper)
        problem.operation = operation
        let operands = try problem.operands { Double(random.real()) }
        let found = try AllWays(problem, operands)
        #expect(!found.matrices.isEmpty && found.differences == [])
    }

    @Test func singleChannelsAreLeftToOtherWays() throws {
        func suits(_ channels: Int, _ filters: Int, groups: Int = 1, _ operation: Convolution.Operation) throws -> Bool
        {
            let problem = Problem(
                input: [1, 1, 1, channels * groups], filter: [1, 1, channels, filters * groups], groups: groups)
            return MatrixRows<Double>.suits(try problem.geometry(), operation)
        }
        for operation in [Convolution.Operation.forward, .inputGradient, .filterGradient] {
            #expect(try !suits(3, 3, operation))
            #expect(try suits(4, 1, operation))
            #expect(try suits(1, 4, operation))
            #expect(try !suits(1, 1, groups: 8, operation))
        }
        #expect(try suits(1, 1, .biasGradient))
        // No channels: nothing to multiply.
        #expect(try !suits(0, 4, .forward))
    }
}
