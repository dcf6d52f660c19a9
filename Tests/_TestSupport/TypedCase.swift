public import Conformance
public import Convolution
internal import ExactArithmetic

extension Problem {
    /// A random problem of an operation in one floating-point type, with a bias in some where the operation takes one.
    public static func random(
        _ operation: Convolution.Operation, _ type: ElementType = .float32, using random: inout RandomNumbers
    ) -> Problem {
        var problem = Problem.random(using: &random)
        problem.operation = operation
        problem.types = ElementTypes(type)
        let hasBias = problem.biasCount != nil && operation.takesBias
        problem.biasCount = hasBias ? (operation == .forward ? problem.filter[3] : problem.input[3]) : nil
        return problem
    }

    /// The operands of a floating-point problem, element by element.
    public func operands(_ element: () -> Double) throws -> Operands {
        let geometry = try geometry()
        func tensor(_ role: Role, _ shape: Shape) -> AnyTensor {
            AnyTensor(nearest: (0..<shape.count).map { _ in element() }, type: types[role], shape: shape)
        }
        var operands = Operands()
        for role in operation.factors { operands[role] = tensor(role, geometry.shape(of: role)) }
        operands.bias = biasCount.map { tensor(.bias, [1, 1, 1, $0]) }
        return operands
    }
}

extension GoldenCase {
    /// A case of any type and operation with its exact answer.
    public init(
        exact problem: Problem, _ operands: Operands, _ data: CaseHeader.DataFamily, suite: String = "tests",
        name: String? = nil
    ) throws {
        let exact = try ExactConvolution().answer(to: problem, operands)
        self.init(
            header: CaseHeader(suite: suite, name: name ?? "\(problem)", problem: problem, data: data),
            operands: operands, output: Output(expected: exact.expected, magnitude: exact.magnitude))
    }
}
