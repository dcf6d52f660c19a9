/// The kinds of mistakes that kernel authors make.
public enum FaultClass: String, Hashable, Sendable, CaseIterable {
    /// Another operation than the one asked for: flipped kernels, swapped strides, a bias left out.
    case semantics
    case padding
    case dilation
    case groups
    /// What does not fill a vector, a block or a tile.
    case tailsAndTiles
    /// Right up to a size, and wrong from there on together with another feature.
    case sizes
    /// A fast path taken for problems that it does not fit.
    case algorithmChoice
    /// Memory orders, strides and start offsets.
    case layoutAndOffsets
    /// Precision lost.
    case numerics
    /// NaN, infinities and subnormals.
    case nonFinite
    /// Stale, uninitialised and neighbouring memory, and sizes that overflow.
    case memory
    /// Gradients and transposed convolutions.
    case gradients
    /// Element types of 16 and of 64 bits.
    case elementTypes
    /// Whole numbers, zero points and scales.
    case quantization
    /// Invalid problems that are answered, and valid ones that are refused.
    case validation
}
