internal import Convolution

/// The precision of an engine's products and sums.
public enum Arithmetic: String, Hashable, Sendable, CaseIterable {
    case float32
    case float64
    /// Factors rounded to NVIDIA's TensorFloat-32 (11 significant bits), sums in float32.
    case tf32
    /// Factors rounded to bfloat16 (8 significant bits), sums in float32.
    case bfloat16
    /// Sums in IEEE 754 binary16 (11 significant bits).
    case float16

    /// The format in which sums are kept.
    private var sums: FloatFormat {
        switch self {
        case .float32, .tf32, .bfloat16: .float32
        case .float64: .float64
        case .float16: .float16
        }
    }

    /// The format to which factors are rounded before they are multiplied, where that is another.
    private var factors: FloatFormat? {
        switch self {
        case .float32, .float64, .float16: nil
        case .tf32: .tf32
        case .bfloat16: .bfloat16
        }
    }

    /// The unit roundoff u: half the distance from 1 to the next number.
    public var unitRoundoff: Double { (factors ?? sums).unitRoundoff }

    /// The same of the format in which sums are kept.
    var unitRoundoffOfSums: Double { sums.unitRoundoff }

    /// The smallest sum that is rounded to an infinity: half a unit in the last place above the largest number.
    var smallestInfiniteSum: Double { sums.overflowThreshold }

    /// The smallest factor that is rounded to an infinity before it is multiplied.
    var smallestInfiniteFactor: Double { isReduced ? (factors ?? sums).overflowThreshold : .infinity }

    /// The smallest normal number: below it errors are no longer relative.
    public var leastNormalMagnitude: Double { sums.leastNormalMagnitude }

    /// Whether factors or sums have fewer bits or a smaller range than float32's.
    var isReduced: Bool { self != .float32 && self != .float64 }

    /// The arithmetic of an engine that declares this one, on operands of some types: float64's is at least float64, unless
    /// the answer itself said otherwise, and factors that have no more bits are not rounded.
    func applied(to types: ElementTypes, isOfAnswer: Bool) -> Arithmetic {
        if types.output == .float64 { return isOfAnswer ? self : .float64 }
        if let factors, let format = types.output.format, format.significandBits <= factors.significandBits {
            return .float32
        }
        return self
    }

    /// Whether every partial sum of a case of the integer family is exact, whose sums are so small that the operands' type
    /// holds them.
    func isExact(onIntegersOf types: ElementTypes) -> Bool {
        (factors ?? sums).significandBits >= (types.output.format ?? .float32).significandBits
    }
}
