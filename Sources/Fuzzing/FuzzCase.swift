internal import Conformance
internal import Convolution
internal import ExactArithmetic

/// Makes golden cases of problems: data from a seed, and the exact answer.
enum FuzzCase {
    static let suite = "fuzz"

    /// The case `index` of a seed.
    static func golden(_ index: Int, seed: UInt64, from distribution: ProblemDistribution) throws -> GoldenCase {
        let own = SplitMix64(seed: seed)[UInt64(index)]
        var random = RandomStream(seed: own)
        while true {
            let problem = distribution.problem(using: &random)
            let isInteger = random.happens(onceIn: 2)
            do {
                return try golden(of: problem, name: "\(seed)-\(index)", isInteger: isInteger, seed: own)
            } catch is QuantizedProblem.NearTie {
                continue
            }
        }
    }

    /// A case of a problem.
    ///
    /// - Parameter isInteger: whether its numbers are whole and so small that every partial sum is exact in the type,
    ///   where the type has such numbers for so many products.
    /// - Throws: ``QuantizedProblem/NearTie``, now and then, of a problem with a quantized answer.
    static func golden(of problem: Problem, name: String, isInteger: Bool, seed: UInt64) throws -> GoldenCase {
        guard let geometry = try? problem.geometry() else { return invalid(problem, name: name, seed: seed) }
        let largest = 1 << min(problem.types.output.format?.significandBits ?? 31, 53)
        let terms = geometry.productsPerAnswer(of: problem.operation) + 1
        let bound = UInt64(min(Double(largest / max(terms, 1)).squareRoot(), 100))
        let isWhole = problem.types.output.format == nil
        let isQuantized = problem.types.kind == .quantized
        var operands = isQuantized ? try QuantizedProblem.operands(of: problem, geometry, seed: seed) : Operands()
        for role in problem.operation.factors + (problem.biasCount == nil ? [] : [.bias]) where !isQuantized {
            let shape = role == .bias ? Shape(1, 1, 1, problem.biasCount ?? 0) : geometry.shape(of: role)
            let type = problem.types[role]
            let draw =
                isInteger && bound > 0 && !isWhole ? Draw(bound: bound, type: type) : Draw(bound: nil, type: type)
            let numbers = draw.elements(count: shape.count, stream: .init(role), seed: seed)
            operands[role] = AnyTensor(nearest: numbers, type: type, shape: shape)
        }
        if isWhole, !isQuantized {
            var random = RandomStream(seed: ~seed)
            func zeroPoint(_ type: ElementType) -> Int { random.number(type.range ?? 0...0) }
            operands.quantization = Quantization(
                input: .init(zeroPoints: [zeroPoint(problem.types.input)], scales: []),
                filter: .init(zeroPoints: [zeroPoint(problem.types.filter)], scales: []))
        }
        let exact = try ExactConvolution().answer(to: problem, operands)
        // Bit for bit only where the sums leave no room for rounding.
        let isExact = isWhole || isInteger && bound > 0 && exact.magnitude.elements.allSatisfy { $0 <= Float(largest) }
        let magnitude = isWhole ? Tensor(repeating: 0, shape: exact.magnitude.shape) : exact.magnitude
        return GoldenCase(
            header: header(problem, name, isExact ? .integer : .real, .output, seed), operands: operands,
            output: GoldenCase.Output(expected: exact.expected, magnitude: magnitude))
    }

    /// A case that must be rejected; its tensors are of the sizes that the problem states.
    private static func invalid(_ problem: Problem, name: String, seed: UInt64) -> GoldenCase {
        func tensor(_ role: Role, _ shape: Shape) -> AnyTensor {
            let numbers = Draw(bound: 3, type: problem.types[role]).elements(
                count: shape.count, stream: .init(role), seed: seed)
            return AnyTensor(nearest: numbers, type: problem.types[role], shape: shape)
        }
        var operands = Operands()
        operands.input = tensor(.input, problem.input)
        operands.filter = tensor(.filter, problem.filter)
        operands.bias = problem.biasCount.map { tensor(.bias, Shape(1, 1, 1, $0)) }
        if problem.types.output.format == nil {
            let isQuantized = problem.types.kind == .quantized
            let plain = Quantization.Parameters(zeroPoints: [0], scales: isQuantized ? [1] : [])
            operands.quantization = Quantization(input: plain, filter: plain, output: isQuantized ? plain : nil)
        }
        let expectation: CaseHeader.Expectation =
            problem.emptyOutputShape == nil ? .rejection : .rejectionOrEmpty
        return GoldenCase(header: header(problem, name, .integer, expectation, seed), operands: operands, output: nil)
    }

    private static func header(
        _ problem: Problem, _ name: String, _ data: CaseHeader.DataFamily, _ expectation: CaseHeader.Expectation,
        _ seed: UInt64
    ) -> CaseHeader {
        CaseHeader(
            suite: suite, name: name, problem: problem, data: data, expectation: expectation, seed: seed,
            tags: ["fuzz"], note: "Found by fuzzing.")
    }
}
