internal import Conformance
internal import Convolution

/// What a message says of a tensor: of one whose bytes follow it, or that is wanted.
struct TensorHeader: Codable, Hashable {
    /// The role's.
    var name: String
    var dtype: String
    /// The extents as they lie in memory, outermost first; of an output that is wanted none, as it follows from the problem.
    var shape: [Int]?

    init(_ role: Role, _ type: ElementType, shape: [Int]?) {
        name = role.rawValue
        dtype = type.rawValue
        self.shape = shape
    }

    init(_ role: Role, _ tensor: AnyTensor) {
        self.init(role, tensor.type, shape: role.extents(of: tensor.shape, in: tensor.order))
    }

    /// The element type.
    ///
    /// - Throws: ``ExchangeFailure/malformed(_:)`` where it is none of those `expected`.
    func type(expected: [ElementType] = ElementType.allCases) throws(ExchangeFailure) -> ElementType {
        if let type = ElementType(rawValue: dtype), expected.contains(type) { return type }
        let known = expected.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw .malformed("received '\(name)' with dtype '\(dtype)'; expected \(known)")
    }

    /// The shape in the axis order of a role, checked before memory is taken for its elements.
    ///
    /// - Parameter limit: the most elements.
    /// - Throws: ``ExchangeFailure/malformed(_:)`` where name or rank are not the role's, or the shape is no tensor's.
    func shape(of role: Role, in layouts: LayoutPair, limit: Int) throws(ExchangeFailure) -> Shape {
        guard name == role.rawValue else {
            throw .malformed("received a tensor named '\(name)'; expected '\(role.rawValue)'")
        }
        guard let extents = shape else { throw .malformed("received '\(name)' without a shape") }
        guard let shape = role.shape(of: extents, in: layouts) else {
            throw .malformed(
                "received '\(name)' with shape \(extents), which has rank \(extents.count); expected rank \(role.rank)")
        }
        guard extents.allSatisfy({ $0 >= 0 }) else {
            throw .malformed("received '\(name)' with shape \(extents); expected extents of 0 or more")
        }
        guard let count = shape.checkedCount, count <= limit else {
            throw .malformed("received '\(name)' with shape \(extents); expected at most \(limit) elements")
        }
        return shape
    }
}

extension Role {
    /// How many axes its tensors have outside of this program, where a bias has one.
    var rank: Int { self == .bias ? 1 : 4 }

    /// The order of its axes in memory.
    func order(in layouts: LayoutPair) -> AxisOrder {
        switch self {
        case .input, .output: layouts.activation.order
        case .filter: layouts.filter.order
        case .bias: .logical
        }
    }

    /// A tensor's extents as they lie in memory.
    func extents(of shape: Shape, in order: AxisOrder) -> [Int] {
        self == .bias ? [shape[3]] : order.inMemory(shape)
    }

    /// The shape of extents as they lie in memory, or `nil` where they are too many or too few.
    func shape(of extents: [Int], in layouts: LayoutPair) -> Shape? {
        if self == .bias { return extents.count == 1 ? [1, 1, 1, extents[0]] : nil }
        return order(in: layouts).logical(extents)
    }
}

extension Operation {
    /// The roles of its operands in the order of a message; there may be no bias.
    var operands: [Role] { factors + (takesBias ? [.bias] : []) }
}

extension EngineRequest {
    /// The operands with their roles, in the order of a message.
    var tensors: [(role: Role, tensor: AnyTensor)] {
        problem.operation.operands.compactMap { role in operands[role].map { (role, $0) } }
    }
}

extension Problem {
    /// The type of the answer's elements.
    var answerType: ElementType { types[operation.answer] }
}
