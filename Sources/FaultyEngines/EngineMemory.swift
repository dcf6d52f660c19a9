import Convolution

/// What an engine keeps from one call to the next.
///
/// A right engine needs none of it; faults of memory do.
final class EngineMemory {
    // MARK: Of calls in which the fault is triggered

    /// How many there were before this one.
    var calls = 0
    /// The last output, as its memory would be found again by the next allocation.
    var lastOutput: [Float] = []
    var lastBias: [Float] = []
    /// Filters seen first, by their shape.
    var filters: [Shape: Operand] = [:]

    // MARK: Of all valid calls, where the fault notes it

    var inputShapes: Set<Shape> = []
    var lastFilter: Operand?
    var lastInput: Operand?
    var keptBias: [Float]?
    /// What was asked for first at an input of a shape.
    var plans: [Shape: Plan] = [:]
    var answers: [Plan: [Float]] = [:]
    /// How many output elements the workspace holds; 0 where there is none yet.
    var workspace = 0

    /// What a convolution is besides its numbers.
    struct Plan: Hashable {
        let input: Shape
        let filter: Shape
        let strides: Extent
        let dilations: Extent
        let pads: Pads
        let groups: Int
        let hasBias: Bool

        var filters: Int { filter[3] }
    }

    /// Keeps what is asked for first at an input of a shape.
    func keepPlan(of convolution: FaultableConvolution) {
        let plan = convolution.plan
        if plans[plan.input] == nil { plans[plan.input] = plan }
    }

    /// The element that unwritten output memory holds at an offset: the last call's, or a poison where that was smaller.
    func leftover(at offset: Int) -> Float {
        lastOutput.indices.contains(offset) ? lastOutput[offset] : EngineMemory.poison
    }

    /// A number that no right output holds: what a debugging allocator fills memory with.
    static let poison = Float(bitPattern: 0xCDCD_CDCD)
}

extension FaultableConvolution {
    var plan: EngineMemory.Plan {
        EngineMemory.Plan(
            input: input.shape, filter: filter.shape, strides: strides, dilations: dilations, pads: pads,
            groups: groups, hasBias: bias != nil)
    }
}
