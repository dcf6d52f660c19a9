package import Convolution

/// The numbers of a problem's operands, by role, before they are tensors.
package struct DrawnNumbers {
    package private(set) var roles: [(role: Role, shape: Shape)]
    private var numbers: [Role: [Double]] = [:]

    package init(_ problem: Problem, _ geometry: Geometry) {
        roles = problem.operation.factors.map { ($0, geometry.shape(of: $0)) }
        if let count = problem.biasCount { roles.append((.bias, [1, 1, 1, count])) }
    }

    package subscript(role: Role) -> [Double] {
        get { numbers[role] ?? [] }
        set { numbers[role] = newValue }
    }

    /// Changes the numbers of every role.
    mutating func change(_ body: (Role, Shape, inout [Double]) -> Void) {
        for (role, shape) in roles { body(role, shape, &numbers[role, default: []]) }
    }

    /// Draws the numbers of every role.
    mutating func draw(_ body: (Role, Shape) -> [Double]) {
        for (role, shape) in roles { numbers[role] = body(role, shape) }
    }

    /// Tensors of a problem's types.
    package func operands(_ problem: Problem, _ quantization: Quantization?) -> Operands {
        var operands = Operands(quantization: quantization)
        for (role, shape) in roles {
            operands[role] = AnyTensor(nearest: self[role], type: problem.types[role], shape: shape)
        }
        return operands
    }
}
