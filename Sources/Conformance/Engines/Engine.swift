@_exported public import Convolution

/// An implementation of 2-D convolution under test.
///
/// A conforming type needs one function:
///
///     struct Mine: Engine {
///         func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
///             -> Tensor<Float>
///         {
///             let geometry = try problem.geometry()
///             return Tensor(shape: geometry.outputShape, order: input.order) { n, y, x, f in ... }
///         }
///     }
///
/// Gradients are one more function each, and every other element type is given to ``compute(_:_:)``; what an engine has
/// beside the forward convolution in float32 it declares in its ``capabilities``.
///
/// Each worker of a run makes its own engine and calls it from one thread at a time.
public protocol Engine {
    /// The version of the implementation, for reports; empty by default.
    var version: String { get }

    /// What the engine takes and how it computes; every forward convolution, directly, in float32 by default.
    var capabilities: Capabilities { get }

    /// The convolution of `input` with `filter`, plus `bias`.
    ///
    /// - Parameters:
    ///   - problem: strides, dilations, padding and groups.
    ///   - input: `[batch, height, width, channels]`, in memory as one of the declared input layouts says.
    ///   - filter: `[kernel height, kernel width, channels / groups, filters]`, likewise.
    ///   - bias: one number for each filter, or `nil`.
    /// - Returns: `[batch, output height, output width, filters]`, in any memory order.
    /// - Throws: ``EngineRefusal`` for what the engine cannot do, `InvalidProblem` (or
    ///   ``EngineRefusal/rejected(_:)``) for a problem without an output; any other error is reported as such.
    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>

    /// The gradient with respect to the input, plus a bias for each of its channels: the transposed convolution.
    ///
    /// - Parameters:
    ///   - problem: the forward convolution; `problem.input` is the shape that is wanted.
    ///   - output: the gradient with respect to the output, `[batch, output height, output width, filters]`.
    ///   - filter: `[kernel height, kernel width, channels / groups, filters]`.
    ///   - bias: one number for each channel, or `nil`.
    /// - Returns: `[batch, height, width, channels]`, 0 (plus the bias) where no window reaches.
    func inputGradient(_ problem: Problem, output: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>

    /// The gradient with respect to the filter.
    ///
    /// - Parameters:
    ///   - problem: the forward convolution; `problem.filter` is the shape that is wanted.
    ///   - input: `[batch, height, width, channels]`.
    ///   - output: the gradient with respect to the output, `[batch, output height, output width, filters]`.
    /// - Returns: `[kernel height, kernel width, channels / groups, filters]`.
    func filterGradient(_ problem: Problem, input: Tensor<Float>, output: Tensor<Float>) throws -> Tensor<Float>

    /// The gradient with respect to the bias.
    ///
    /// - Parameter output: the gradient with respect to the output, `[batch, output height, output width, filters]`.
    /// - Returns: one number for each filter.
    func biasGradient(_ problem: Problem, output: Tensor<Float>) throws -> [Float]

    /// Any declared operation in any declared types; the functions above are called by it where all is float32.
    ///
    /// - Parameters:
    ///   - problem: its ``Problem/operation`` says what is computed, its ``Problem/types`` of which types.
    ///   - operands: those that the operation has: see ``Operation/factors``.
    /// - Returns: the answer, of the role ``Operation/answer`` and its type.
    func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor

    /// How the last call computed its answer, for an engine that chooses its algorithm by the problem; as declared by
    /// default. Asked after each answer, on the same thread.
    func computation(of problem: Problem) -> Computation
}

extension Engine {
    public var version: String { "" }
    public var capabilities: Capabilities { Capabilities() }
    public func computation(of problem: Problem) -> Computation { Computation() }

    public func inputGradient(
        _ problem: Problem, output: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        throw EngineRefusal.unsupported("there is no input gradient")
    }

    public func filterGradient(
        _ problem: Problem, input: Tensor<Float>, output: Tensor<Float>
    ) throws -> Tensor<Float> {
        throw EngineRefusal.unsupported("there is no filter gradient")
    }

    public func biasGradient(_ problem: Problem, output: Tensor<Float>) throws -> [Float] {
        throw EngineRefusal.unsupported("there is no bias gradient")
    }

    public func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        func float32(_ role: Role) throws -> Tensor<Float> {
            if let tensor = operands[role]?.of(Float.self) { return tensor }
            throw EngineRefusal.unsupported("\(problem.operation.rawValue) of \(problem.types)")
        }
        let bias = try operands.bias.map { _ in try float32(.bias).elements }
        switch problem.operation {
        case .forward:
            return .float32(try convolve(problem, input: float32(.input), filter: float32(.filter), bias: bias))
        case .inputGradient:
            return .float32(try inputGradient(problem, output: float32(.output), filter: float32(.filter), bias: bias))
        case .filterGradient:
            return .float32(try filterGradient(problem, input: float32(.input), output: float32(.output)))
        case .biasGradient:
            return AnyTensor(vector: try biasGradient(problem, output: float32(.output)))
        }
    }
}

/// What an engine throws when it declines a problem.
public enum EngineRefusal: Error, Hashable {
    /// The problem is valid, but this engine cannot compute it.
    case unsupported(String)
    /// The problem is invalid: it has no output.
    case rejected(String)
    /// The engine declines without saying whose fault it is: for lack of memory, or because a number does not fit its integers.
    case refused(String)
}
