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
/// Each worker of a run makes its own engine and calls it from one thread at a time.
public protocol Engine {
    /// The version of the implementation, for reports; empty by default.
    var version: String { get }

    /// What the engine takes and how it computes; everything, directly, in float32 by default.
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

    /// How the last call of `convolve` computed its output, for an engine that chooses its algorithm by the problem;
    /// as declared by default. Asked after each output, on the same thread.
    func computation(of problem: Problem) -> Computation
}

extension Engine {
    public var version: String { "" }
    public var capabilities: Capabilities { Capabilities() }
    public func computation(of problem: Problem) -> Computation { Computation() }
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
