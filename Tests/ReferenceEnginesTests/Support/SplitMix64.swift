/// A small random number generator with a seed of its own, so that a failure can be repeated.
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A whole number within -bound ... bound.
    mutating func integer(_ bound: Int) -> Float {
        Float(Int.random(in: -bound...bound, using: &self))
    }

    /// A real number in [-1, 1) on a grid of 2^-23.
    mutating func real() -> Float {
        Float(Int.random(in: -(1 << 23)..<1 << 23, using: &self)) * 0x1p-23
    }

    /// A real number whose exponent varies over `exponents`.
    mutating func real(exponents: ClosedRange<Int>) -> Float {
        real() * Float(sign: .plus, exponent: Int.random(in: exponents, using: &self), significand: 1)
    }

    /// Any finite number, every bit pattern equally likely.
    mutating func finite() -> Float {
        while true {
            let number = Float(bitPattern: UInt32(truncatingIfNeeded: next()))
            if number.isFinite { return number }
        }
    }
}
