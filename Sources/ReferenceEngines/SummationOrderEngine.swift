public import Conformance
public import Convolution
internal import ExactArithmetic

/// A direct engine that adds up each element's products in float32 in a given order, of every operation, also of operands
/// of 16 bits.
///
/// Products come in the order of ``ProductRuns``.
public struct SummationOrderEngine: Engine, Sendable {
    public let order: SummationOrder

    public init(_ order: SummationOrder) {
        self.order = order
    }

    public var capabilities: Capabilities {
        var capabilities = Capabilities.everyLayout
        capabilities.operations = Operation.allCases
        capabilities.types = [.float32] + ElementType.allCases.filter(\.isShortFloat)
        return capabilities
    }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        try sums(problem, Operands(input: input, filter: filter, bias: bias))
    }

    public func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        AnyTensor(narrowing: try sums(problem, operands), to: problem.types[problem.operation.answer])
    }

    private func sums(_ problem: Problem, _ operands: Operands) throws -> Tensor<Float> {
        let geometry = try problem.geometry(of: operands)
        let operation = problem.operation
        let tensors = operation.factors.compactMap { operands[$0]?.singles }
        let second = tensors.count > 1 ? tensors[1] : Tensor(shape: [1, 1, 1, 1], elements: [1])
        let bias = operands.bias?.singles.elements
        let runs = ProductRuns(geometry, operation, first: tensors[0].order, second: second.order)
        let most = geometry.productsPerAnswer(of: operation)
        let values = Scratch<Float>(repeating: 0, count: most)
        let weights = Scratch<Float>(repeating: 0, count: most)
        // Elements side by side along the last axis of the answer often have the same values, with other weights.
        let (lanes, sharesValues) = (runs.lanes, runs.lastAxisSteps.first == 0)
        var shared: Shape?
        let isActivation = operation.answer == .input || operation.answer == .output
        return tensors[0].elements.withUnsafeBufferPointer { firsts in
            second.elements.withUnsafeBufferPointer { seconds in
                Tensor(
                    shape: geometry.shape(of: operation.answer), order: isActivation ? tensors[0].order : .logical
                ) { i, j, k, l in
                    var count = 0
                    let place: Shape = [i, j, k, l / lanes]
                    let hasValues = sharesValues && shared == place
                    shared = place
                    runs.forEach(i, j, k, l) { run in
                        if !hasValues {
                            for turn in 0..<run.count {
                                values.pointer[count &+ turn] = firsts[run.first &+ turn &* run.firstStep]
                            }
                        }
                        for turn in 0..<run.count {
                            weights.pointer[count &+ turn] = seconds[run.second &+ turn &* run.secondStep]
                        }
                        count += run.count
                    }
                    return order.sum(values.pointer, weights.pointer, count: count, bias: bias?[l] ?? 0)
                }
            }
        }
    }
}

/// A direct engine whose sums are kept in float16, and that says so.
public struct Float16SumsEngine: Engine, Sendable {
    public init() {}

    public var capabilities: Capabilities {
        Capabilities(operations: Operation.allCases, types: [.float16], arithmetic: .float16)
    }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        throw EngineRefusal.unsupported("it computes in float16 alone")
    }

    public func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        let geometry = try problem.geometry(of: operands)
        let tensors = problem.operation.factors.compactMap { operands[$0]?.of(Float16.self) }
        let second = tensors.count > 1 ? tensors[1] : Tensor(shape: [1, 1, 1, 1], elements: [1])
        let bias = operands.bias?.of(Float16.self)?.elements
        let runs = ProductRuns(geometry, problem.operation, first: tensors[0].order, second: second.order)
        return .float16(
            Tensor(shape: geometry.shape(of: problem.operation.answer)) { i, j, k, l in
                var sum = bias?[l] ?? 0
                runs.forEach(i, j, k, l) { run in
                    for turn in 0..<run.count {
                        sum +=
                            tensors[0].elements[run.first + turn * run.firstStep]
                            * second.elements[run.second + turn * run.secondStep]
                    }
                }
                return sum
            })
    }
}
