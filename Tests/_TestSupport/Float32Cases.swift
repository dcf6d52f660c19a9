public import Conformance
public import Convolution
public import ExactArithmetic

// What tests of forward convolutions in float32 say without operands by role.

extension EngineAnswer {
    /// An answer in float32.
    public static func output(_ tensor: Tensor<Float>, _ computation: Computation = Computation()) -> EngineAnswer {
        .output(.float32(tensor), computation)
    }
}

extension AnyTensor {
    /// The elements of a tensor of float32.
    public var floats: [Float] { of(Float.self)?.elements ?? [] }
}

extension GoldenCase {
    public var input: Tensor<Float> {
        get { float32.input }
        set { operands.input = .float32(newValue) }
    }

    public var filter: Tensor<Float> {
        get { float32.filter }
        set { operands.filter = .float32(newValue) }
    }

    public var bias: [Float]? {
        get { float32.bias }
        set { operands.bias = newValue.map(AnyTensor.init(vector:)) }
    }

    private var float32: (input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) {
        guard let tensors = operands.float32 else { preconditionFailure("\(header.id) is no forward case in float32") }
        return tensors
    }
}

extension ExactConvolution {
    /// The exact output of a forward convolution in float32.
    public func output(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws(InvalidProblem) -> ExactAnswer {
        try answer(to: problem, Operands(input: input, filter: filter, bias: bias))
    }
}

extension EngineRequest {
    public var input: Tensor<Float> { float32.input }
    public var filter: Tensor<Float> { float32.filter }
    public var bias: [Float]? {
        get { float32.bias }
        set { operands.bias = newValue.map(AnyTensor.init(vector:)) }
    }

    private var float32: (input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) {
        guard let tensors = operands.float32 else { preconditionFailure("\(problem) is no forward case in float32") }
        return tensors
    }
}
