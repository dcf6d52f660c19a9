public import Conformance
public import Convolution

/// A direct convolution with one fault, or with none.
///
/// It remembers what its fault needs from call to call; a run gives each worker one of its own.
public final class FaultyEngine: Engine {
    /// The fault, or `nil` where the engine is right.
    public let fault: Fault?
    private let memory = EngineMemory()

    public init(_ fault: Fault?) {
        self.fault = fault
    }

    /// Every layout where the fault depends on it, and otherwise that of the golden files; everything else.
    public var capabilities: Capabilities {
        var capabilities =
            fault == nil || fault?.ofSums != nil
            ? Capabilities(
                negativePads: true, operations: Operation.allCases, types: ElementType.allCases, quantization: true)
            : Capabilities(negativePads: true)
        if fault?.dependsOnLayout ?? true {
            capabilities.inputLayouts = ActivationLayout.allCases
            capabilities.filterLayouts = FilterLayout.allCases
        }
        return capabilities
    }

    public func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        try spoiled(problem, input: input, filter: filter, bias: bias)
            ?? FaultyEngine.right(problem, input: input, filter: filter, bias: bias).computed()
    }

    public func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        if problem.isFloat32Forward, let (input, filter, bias) = operands.float32 {
            return .float32(try convolve(problem, input: input, filter: filter, bias: bias))
        }
        let unspoiled = try FaultableSums(problem, operands)
        return spoiled(unspoiled) ?? unspoiled.computed()
    }

    /// The answer of another operation or of other types where the fault shows, or `nil` where it does not.
    func spoiled(_ unspoiled: FaultableSums) -> AnyTensor? {
        guard let fault = fault?.ofSums, fault.isTriggered(unspoiled) else { return nil }
        var sums = unspoiled
        fault.spoil(&sums)
        return sums.computed()
    }

    /// The output where the fault shows, or `nil` where the engine does what a right one does.
    ///
    /// It may be the right output all the same: a fault that shows need not change a number.
    ///
    /// - Parameter right: gives the sums of the right engine for the same tensors, where they are at hand.
    func spoiled(
        _ asked: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?,
        like right: () -> RightSums? = { nil }
    ) throws -> Tensor<Float>? {
        guard let fault else { return nil }
        var problem = asked
        fault.misread(&problem)
        // An engine that misread the problem does not see that its tensors contradict it.
        let isAsAsked = problem == asked
        let geometry =
            try isAsAsked ? problem.geometry(input: input, filter: filter, bias: bias) : problem.geometry()
        var convolution = FaultableConvolution(
            geometry, padding: problem.padding, input: input, filter: filter, bias: bias)
        convolution.memory = memory
        let unspoiled = convolution
        defer { fault.note(unspoiled) }
        let isTriggered = fault.isTriggered(convolution)
        guard isTriggered || !isAsAsked else { return nil }
        if isTriggered { try fault.spoil(&convolution) }
        let output = convolution.computed(like: isAsAsked ? right() : nil)
        memory.calls += 1
        memory.lastOutput = output.elements
        memory.lastBias = bias ?? []
        return output
    }

    /// The right convolution, from the same loops.
    ///
    /// - Throws: `InvalidProblem`.
    static func right(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> FaultableConvolution
    {
        let geometry = try problem.geometry(input: input, filter: filter, bias: bias)
        return FaultableConvolution(geometry, padding: problem.padding, input: input, filter: filter, bias: bias)
    }
}
