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
    /// Along the axes of the answer, `[n, y, x, f]` for an output: batch, output row, output column, filter.
    public var index: Shape
    /// The golden value.
    public var want: Double
    public var got: Double
    /// The type of the answer.
    public var type: ElementType
    /// The largest |got - want| allowed.
    public var allowed: Double
    /// |got - want| / allowed: infinite where nothing is allowed, or the numbers have no distance.
    public var ratio: Double
    /// How many numbers of the type lie between got and want rounded to it; `nil` where one is NaN.
    public var ulp: Int?

    public init(
        kind: Kind, index: Shape, want: Double, got: Double, type: ElementType = .float32, allowed: Double,
        ratio: Double, ulp: Int?
    ) {
        self.kind = kind
        self.index = index
        self.want = want
        self.got = got
        self.type = type
        self.allowed = allowed
        self.ratio = ratio
        self.ulp = ulp
    }

    /// |got - want|; infinite where they have no distance.
    public var error: Double {
        let distance = abs(got - want)
        return distance.isNaN ? .infinity : distance
    }
}

extension ElementType {
    /// How many numbers of the type lie between two, each rounded to it, counting one of them; both zeros are the same number.
    /// `nil` for NaN.
    func ulpDistance(_ first: Double, _ second: Double) -> Int? { perform(UlpDistance(first: first, second: second)) }
}

private struct UlpDistance: ElementWork {
    let first: Double
    let second: Double

    func of<Element: TensorElement>(_: Element.Type) -> Int? {
        if first.isNaN || second.isNaN { return nil }
        let (first, second) = (Element(nearest: first), Element(nearest: second))
        let (distance, overflow) = first.place.subtractingReportingOverflow(second.place)
        return overflow ? .max : abs(distance)
    }
}
