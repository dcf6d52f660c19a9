public import Convolution

/// One output element that is not as wanted.
public struct Mismatch: Hashable, Sendable {
    /// What is wrong with it.
    public enum Kind: String, Hashable, Sendable {
        /// A finite number too far from the wanted one.
        case value
        /// NaN where a number is wanted.
        case unexpectedNaN
        /// A number where NaN is wanted.
        case missingNaN
        /// An infinity where none is wanted, none where one is wanted, or one of the wrong sign.
        case infinity
    }

    public var kind: Kind
    /// `[n, y, x, f]`: batch, output row, output column, filter.
    public var index: Shape
    /// The golden value.
    public var want: Double
    public var got: Float
    /// The largest |got - want| allowed.
    public var allowed: Double
    /// |got - want| / allowed: infinite where nothing is allowed, or the numbers have no distance.
    public var ratio: Double
    /// How many float32 numbers lie between got and want rounded to float32; `nil` where one is NaN.
    public var ulp: Int?

    public init(
        kind: Kind, index: Shape, want: Double, got: Float, allowed: Double, ratio: Double, ulp: Int?
    ) {
        self.kind = kind
        self.index = index
        self.want = want
        self.got = got
        self.allowed = allowed
        self.ratio = ratio
        self.ulp = ulp
    }

    /// |got - want|; infinite where they have no distance.
    public var error: Double {
        let distance = abs(Double(got) - want)
        return distance.isNaN ? .infinity : distance
    }
}

/// How many float32 numbers lie between two, counting one of them; both zeros are the same number. `nil` for NaN.
func ulpDistance(_ first: Float, _ second: Float) -> Int? {
    guard !first.isNaN, !second.isNaN else { return nil }
    func rank(_ number: Float) -> Int {
        let magnitude = Int(number.magnitude.bitPattern)
        return number.sign == .minus ? -magnitude : magnitude
    }
    return abs(rank(first) - rank(second))
}
