public import Convolution

/// What is asked of an engine: never the case's name, or its expected answer.
public struct EngineRequest: Sendable {
    public var problem: Problem
    /// In memory as `layouts` says, or, for a session that copies them so, in any order.
    public var operands: Operands
    /// How the tensors lie in memory.
    public var layouts: LayoutPair
    /// How often the same has been asked before: memory may lie otherwise then, and nothing else.
    public var attempt = 0
    /// As what views of memory a shared library is given its tensors; no other engine sees any difference.
    public var view = TensorView.dense

    /// A request whose tensors are put into `layouts`.
    public init(problem: Problem, operands: Operands, layouts: LayoutPair = .golden) {
        self.init(problem: problem, operandsInAnyOrder: operands.reordered(to: layouts), layouts: layouts)
    }

    /// A request for a session that puts the tensors into `layouts` as it copies them.
    init(problem: Problem, operandsInAnyOrder operands: Operands, layouts: LayoutPair) {
        self.problem = problem
        self.operands = operands
        self.layouts = layouts
    }

    /// A forward convolution in float32.
    public init(
        problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?, layouts: LayoutPair = .golden
    ) {
        self.init(
            problem: problem, operands: Operands(input: input, filter: filter, bias: bias), layouts: layouts)
    }
}
