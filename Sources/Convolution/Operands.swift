/// The tensors that a convolution is computed from, by role, and what their numbers stand for.
public struct Operands: Hashable, Sendable, Equatable {
    /// `[batch, height, width, channels]`.
    public var input: AnyTensor?
    /// `[kernel height, kernel width, channels / groups, filters]`.
    public var filter: AnyTensor?
    /// `[1, 1, 1, count]`.
    public var bias: AnyTensor?
    /// `[batch, output height, output width, filters]`: the gradient with respect to the output.
    public var output: AnyTensor?
    public var quantization: Quantization?

    public init(
        input: AnyTensor? = nil, filter: AnyTensor? = nil, bias: AnyTensor? = nil, output: AnyTensor? = nil,
        quantization: Quantization? = nil
    ) {
        self.input = input
        self.filter = filter
        self.bias = bias
        self.output = output
        self.quantization = quantization
    }

    /// The operands of a forward convolution in float32.
    public init(input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) {
        self.init(input: .float32(input), filter: .float32(filter), bias: bias.map(AnyTensor.init(vector:)))
    }

    public subscript(role: Role) -> AnyTensor? {
        get {
            switch role {
            case .input: input
            case .filter: filter
            case .bias: bias
            case .output: output
            }
        }
        set {
            switch role {
            case .input: input = newValue
            case .filter: filter = newValue
            case .bias: bias = newValue
            case .output: output = newValue
            }
        }
    }

    /// Input, filter and bias of a forward convolution in float32, or `nil` where it is another one.
    public var float32: (input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?)? {
        guard case .float32(let input)? = input, case .float32(let filter)? = filter, output == nil else { return nil }
        guard let bias else { return (input, filter, nil) }
        return bias.of(Float.self).map { (input, filter, $0.elements) }
    }

    /// The same tensors in memory as `layouts` says.
    public func reordered(to layouts: LayoutPair) -> Operands {
        Operands(
            input: input?.reordered(to: layouts.activation.order), filter: filter?.reordered(to: layouts.filter.order),
            bias: bias, output: output?.reordered(to: layouts.activation.order), quantization: quantization)
    }
}

extension AnyTensor {
    /// A list of numbers as a bias is held: `[1, 1, 1, count]`.
    public init<Element: TensorElement>(vector: [Element]) {
        self = Element.erase(Tensor(shape: [1, 1, 1, vector.count], elements: vector))
    }
}

extension Problem {
    /// The numbers of this problem, checked, also against the tensors that come with it.
    ///
    /// - Throws: ``InvalidProblem`` where ``geometry()`` does, an operand is missing or too many, or one has another shape
    ///   or type than the problem describes.
    public func geometry(of operands: Operands) throws(InvalidProblem) -> Geometry {
        let geometry = try geometry()
        for role in Role.allCases {
            let isWanted = role == .bias ? biasCount != nil : operation.factors.contains(role)
            guard let tensor = operands[role] else {
                if isWanted {
                    throw InvalidProblem("there is no \(role.rawValue), an operand of \(operation.rawValue)")
                }
                continue
            }
            guard isWanted else {
                throw InvalidProblem("there is a tensor '\(role.rawValue)', no operand of this \(operation.rawValue)")
            }
            let want = role == .bias ? [1, 1, 1, biasCount ?? 0] : geometry.shape(of: role)
            if tensor.shape != want {
                throw InvalidProblem(
                    "the \(role.rawValue) has the shape \(tensor.shape), the problem describes \(want)")
            }
            if tensor.type != types[role] {
                throw InvalidProblem(
                    "the \(role.rawValue) is \(tensor.type.rawValue), the problem describes \(types[role].rawValue)")
            }
        }
        if let objection = operands.quantization?.objection(to: self) { throw InvalidProblem(objection) }
        if operands.quantization == nil, types.output.format == nil {
            throw InvalidProblem("there are no zero points for tensors of \(types)")
        }
        return geometry
    }
}
