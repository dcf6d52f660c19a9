internal import ExactArithmetic

/// Numbers drawn one after the other from a seed, the same on every machine, so that a failure can be repeated.
public struct RandomNumbers: RandomNumberGenerator, Sendable {
    private let numbers: SplitMix64
    private var count: UInt64 = 0

    public init(seed: UInt64) {
        numbers = SplitMix64(seed: seed)
    }

    public mutating func next() -> UInt64 {
        defer { count += 1 }
        return numbers[count]
    }

    /// A whole number within -bound ... bound.
    public mutating func integer(_ bound: Int) -> Float {
        Float(Int.random(in: -bound...bound, using: &self))
    }

    /// A whole number from -8 to 8, never 0.
    public mutating func nonzeroInteger() -> Float {
        let number = Float(next() % 8) + 1
        return next() % 2 == 0 ? number : -number
    }

    /// A real number in [-1, 1) on a grid of 2^-23.
    public mutating func real() -> Float {
        Float(Int.random(in: -(1 << 23)..<1 << 23, using: &self)) * 0x1p-23
    }

    /// A real number whose exponent varies over `exponents`.
    public mutating func real(exponents: ClosedRange<Int>) -> Float {
        real() * Float(sign: .plus, exponent: Int.random(in: exponents, using: &self), significand: 1)
    }

    /// Any finite number, every bit pattern equally likely.
    public mutating func finite() -> Float {
        while true {
            let number = Float(bitPattern: UInt32(truncatingIfNeeded: next()))
            if number.isFinite { return number }
        }
    }
}
