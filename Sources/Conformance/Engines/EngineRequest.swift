public import Convolution

/// What is asked of an engine: never the case's name, its expected output or that output's shape.
public struct EngineRequest: Sendable {
    public var problem: Problem
    /// `[batch, height, width, channels]`, in the memory order of the layout that the engine is given.
    public var input: Tensor<Float>
    /// `[kernel height, kernel width, channels / groups, filters]`, likewise.
    public var filter: Tensor<Float>
    /// One number for each filter.
    public var bias: [Float]?
    /// How `input` and `filter` lie in memory.
    public var layouts: LayoutPair

    /// A request whose tensors are put into `layouts`.
    public init(
        problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?, layouts: LayoutPair = .golden
    ) {
        self.problem = problem
        self.input = input.reordered(to: layouts.activation.order)
        self.filter = filter.reordered(to: layouts.filter.order)
        self.bias = bias
        self.layouts = layouts
    }
}
