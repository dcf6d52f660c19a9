import Convolution

/// What an engine keeps from one call to the next.
///
/// A right engine needs none of it; faults of memory do. Only calls in which the fault is triggered count.
final class EngineMemory {
    /// How many calls there were before this one.
    var calls = 0
    /// The last output, as its memory would be found again by the next allocation.
    var lastOutput: [Float] = []
    var lastBias: [Float] = []
    /// Filters seen first, by their shape.
    var filters: [Shape: Operand] = [:]

    /// The element that unwritten output memory holds at an offset: the last call's, or a poison where that was smaller.
    func leftover(at offset: Int) -> Float {
        lastOutput.indices.contains(offset) ? lastOutput[offset] : EngineMemory.poison
    }

    /// A number that no right output holds: what a debugging allocator fills memory with.
    static let poison = Float(bitPattern: 0xCDCD_CDCD)
}
