import Convolution
import Testing

/// The operands of a problem are those that it describes, and nothing else.
@Suite struct OperandsTests {
    static func problem(_ operation: Convolution.Operation, biasCount: Int? = nil) -> Problem {
        Problem(
            input: [2, 5, 4, 6], filter: [3, 2, 3, 8], biasCount: biasCount, groups: 2, operation: operation,
            types: ElementTypes(.float16))
    }

    /// Zeros of the shapes that a problem describes.
    static func operands(_ problem: Problem) throws -> Operands {
        var operands = Operands()
        let geometry = try problem.geometry()
        for role in problem.operation.factors {
            operands[role] = .float16(Tensor(repeating: 0, shape: geometry.shape(of: role)))
        }
        operands.bias = problem.biasCount.map { AnyTensor(vector: [Float16](repeating: 0, count: $0)) }
        return operands
    }

    private func objection(
        _ problem: Problem, _ change: (inout Operands) -> Void = { _ in }
    ) throws -> String? {
        var operands = try Self.operands(problem)
        change(&operands)
        do {
            _ = try problem.geometry(of: operands)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func shapesByRole() throws {
        let geometry = try Self.problem(.forward).geometry()
        #expect(geometry.shape(of: .input) == [2, 5, 4, 6])
        #expect(geometry.shape(of: .filter) == [3, 2, 3, 8])
        #expect(geometry.shape(of: .output) == [2, 3, 3, 8])
        #expect(geometry.shape(of: .bias) == [1, 1, 1, 8])
        let products = Convolution.Operation.allCases.map { geometry.productsPerAnswer(of: $0) }
        #expect(products == [3 * 2 * 3, 3 * 2 * 4, 2 * 3 * 3, 2 * 3 * 3])
    }

    @Test(arguments: Convolution.Operation.allCases)
    func eachOperationTakesItsOwnOperands(operation: Convolution.Operation) throws {
        let problem = Self.problem(operation)
        #expect(try objection(problem) == nil)
        for role in Role.allCases {
            let isFactor = operation.factors.contains(role)
            let words = try objection(problem) { operands in
                operands[role] = isFactor ? nil : .float16(Tensor(repeating: 0, shape: [1, 1, 1, 8]))
            }
            #expect(
                words
                    == (isFactor
                        ? "there is no \(role.rawValue), an operand of \(operation.rawValue)"
                        : "there is a tensor '\(role.rawValue)', no operand of this \(operation.rawValue)"))
        }
        #expect(operation.factors.contains(operation.answer) == false)
    }

    @Test(arguments: Convolution.Operation.allCases)
    func shapesAndTypesAreThoseOfTheProblem(operation: Convolution.Operation) throws {
        let problem = Self.problem(operation)
        let geometry = try problem.geometry()
        for role in operation.factors {
            let shape = geometry.shape(of: role)
            for axis in 0..<4 {
                var other = shape
                other[axis] += 1
                #expect(
                    try objection(problem) { $0[role] = .float16(Tensor(repeating: 0, shape: other)) }
                        == "the \(role.rawValue) has the shape \(other), the problem describes \(shape)")
            }
            #expect(
                try objection(problem) { $0[role] = .bfloat16(Tensor(repeating: BFloat16(0), shape: shape)) }
                    == "the \(role.rawValue) is bfloat16, the problem describes float16")
        }
    }

    @Test func aBiasIsOneForEachFilterOrOfATransposedConvolutionChannel() throws {
        #expect(try objection(Self.problem(.forward, biasCount: 8)) == nil)
        #expect(try objection(Self.problem(.inputGradient, biasCount: 6)) == nil)
        #expect(
            try objection(Self.problem(.forward, biasCount: 8)) { $0.bias = nil }
                == "there is no bias, an operand of forward")
        #expect(
            try objection(Self.problem(.forward, biasCount: 8)) {
                $0.bias = AnyTensor(vector: [Float16](repeating: 0, count: 7))
            }
                == "the bias has the shape 1x1x1x7, the problem describes 1x1x1x8")
        for (operation, count, words) in [
            (Convolution.Operation.forward, 6, "there are 6 biases, expected one for each of 8 filters"),
            (.inputGradient, 8, "there are 8 biases, expected one for each of 6 channels"),
            (.filterGradient, 8, "there are 8 biases, and a filter-gradient adds none"),
            (.biasGradient, 8, "there are 8 biases, and a bias-gradient adds none"),
        ] {
            #expect(throws: InvalidProblem(words)) { try Self.problem(operation, biasCount: count).geometry() }
        }
    }

    @Test func wholeNumbersHaveZeroPointsAndOthersHaveNone() throws {
        let problem = QuantizationTests.problem(QuantizationTests.integer)
        var operands = Operands(
            input: .uint8(Tensor(repeating: 1, shape: problem.input)),
            filter: .int8(Tensor(repeating: 1, shape: problem.filter)), quantization: QuantizationTests.whole)
        #expect(try problem.geometry(of: operands).outputShape == [1, 2, 2, 3])
        operands.quantization?.input.zeroPoints = [256]
        #expect(throws: InvalidProblem("a zero point of the input is 256, outside uint8")) {
            try problem.geometry(of: operands)
        }
        operands.quantization = nil
        #expect(throws: InvalidProblem("there are no zero points for tensors of uint8 x int8 to int32")) {
            try problem.geometry(of: operands)
        }
        #expect(
            try objection(Self.problem(.forward)) { $0.quantization = QuantizationTests.whole }
                == "there are zero points, and tensors of float16 have none")
    }

    @Test func thereAreNoGradientsOfWholeNumbersAndNoMixedFloats() {
        for operation in [Convolution.Operation.inputGradient, .filterGradient, .biasGradient] {
            var problem = QuantizationTests.problem(QuantizationTests.integer)
            problem.operation = operation
            #expect(throws: InvalidProblem("there is no \(operation.rawValue) of uint8 x int8 to int32")) {
                try problem.geometry()
            }
        }
        let mixed = ElementTypes(input: .float16, filter: .float16, output: .float32)
        #expect(throws: InvalidProblem("no convolution is of float16 x float16 to float32")) {
            try QuantizationTests.problem(mixed).geometry()
        }
    }

    @Test func aBiasOfAQuantizedProblemIsInt32() throws {
        let problem = QuantizationTests.problem(QuantizationTests.quantized, biasCount: 3)
        var operands = Operands(
            input: .uint8(Tensor(repeating: 1, shape: problem.input)),
            filter: .int8(Tensor(repeating: 1, shape: problem.filter)),
            bias: AnyTensor(vector: [Int32](repeating: 0, count: 3)),
            quantization: QuantizationTests.scaled)
        #expect(try problem.geometry(of: operands).filters == 3)
        operands.bias = AnyTensor(vector: [Int8](repeating: 0, count: 3))
        #expect(throws: InvalidProblem("the bias is int8, the problem describes int32")) {
            try problem.geometry(of: operands)
        }
    }
}
