/// How the numbers of one tensor of a case follow from the case's seed, bit for bit as the generator draws them.
public struct Draw: Hashable, Sendable {
    /// Which tensor: input 0, filter 1, bias 2.
    public enum Stream: UInt64, Hashable, Sendable {
        case input = 0
        case filter = 1
        case bias = 2
    }

    /// Whole numbers from -bound to bound, or, without a bound, multiples of 2^-23 in [-1, 1).
    public let bound: UInt64?

    /// - Precondition: `bound` is below 2^38, so that no product leaves 64 bits.
    public init(bound: UInt64?) {
        precondition(bound ?? 0 < 1 << 38, "a bound of \(bound ?? 0) leaves 64 bits")
        self.bound = bound
    }

    /// The elements of a tensor, in C order of its logical shape.
    ///
    /// With z the outputs of the stream and m the bound: (((z >> 40) * (2 m + 1)) >> 24) - m for whole numbers,
    /// ((z >> 40) - 2^23) * 2^-23 for reals.
    public func elements(count: Int, stream: Stream, seed: UInt64) -> [Float] {
        let numbers = SplitMix64(seed: SplitMix64(seed: seed)[stream.rawValue])
        if let bound {
            return (0..<count).map { index in
                Float(Int64(((numbers[UInt64(index)] >> 40) * (2 * bound + 1)) >> 24) - Int64(bound))
            }
        }
        return (0..<count).map { index in Float(Int64(numbers[UInt64(index)] >> 40) - 1 << 23) * 0x1p-23 }
    }
}
