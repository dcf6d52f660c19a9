import Conformance
import Convolution

/// Requests of every operation and element type, with whole numbers that each type adds up exactly.
enum TypedRequests {
    /// Operations and types as they occur together.
    static let problems: [Problem] =
        [ElementType.float64, .float32, .float16, .bfloat16].flatMap { type in
            Operation.allCases.map { problem($0, ElementTypes(type)) }
        }
        + [ElementType.int8, .uint8].flatMap { input in
            [ElementType.int8, .uint8].flatMap { filter in
                [ElementType.int32, .int8, .uint8].map { output in
                    problem(.forward, ElementTypes(input: input, filter: filter, output: output))
                }
            }
        }

    /// Two groups, a remainder beyond the last window, unequal pads, and a bias where the operation takes one.
    static func problem(_ operation: Operation, _ types: ElementTypes) -> Problem {
        var problem = Problem(
            input: [2, 6, 5, 4], filter: [2, 3, 2, 6], strides: Extent(height: 2, width: 1),
            dilations: Extent(height: 2, width: 1), padding: .explicit(Pads(top: 1, bottom: 0, left: 2, right: 1)),
            groups: 2, operation: operation, types: types)
        if operation == .forward, types.kind != .integer { problem.biasCount = 6 }
        if operation == .inputGradient { problem.biasCount = 4 }
        return problem
    }

    static func request(_ problem: Problem, layouts: LayoutPair = .golden) throws -> EngineRequest {
        let geometry = try problem.geometry()
        var operands = Operands(quantization: quantization(problem))
        for role in problem.operation.factors {
            operands[role] = numbers(geometry.shape(of: role), problem.types[role])
        }
        if let count = problem.biasCount { operands.bias = numbers([1, 1, 1, count], problem.types[.bias]) }
        return EngineRequest(problem: problem, operands: operands, layouts: layouts)
    }

    /// Whole numbers, no two neighbours alike; small in floating point, all of them in 8 bits.
    private static func numbers(_ shape: Shape, _ type: ElementType) -> AnyTensor {
        let numbers = (0..<shape.count).map { place -> Double in
            switch type {
            case .int8: Double(place * 37 % 256) - 128
            case .uint8: Double(place * 37 % 256)
            default: Double(place * 3 % 5) - 2
            }
        }
        return AnyTensor(nearest: numbers, type: type, shape: shape)
    }

    private static func quantization(_ problem: Problem) -> Quantization? {
        switch problem.types.kind {
        case .integer:
            return Quantization(input: .init(zeroPoints: [3]), filter: .init(zeroPoints: [0, 1, 2, 3, 4, 127]))
        case .quantized:
            return Quantization(
                input: .init(zeroPoints: [7], scales: [0.1]),
                filter: .init(zeroPoints: [5], scales: [0.01, 0.02, 0.003, 0.04, 0.05, 0.006]),
                output: .init(zeroPoints: [100], scales: [1.3]))
        case .floating, nil:
            return nil
        }
    }
}
