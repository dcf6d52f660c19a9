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

    /// The unit roundoff u: half the distance from 1 to the next number.
    public var unitRoundoff: Double {
        switch self {
        case .float32: 0x1p-24
        case .float64: 0x1p-53
        case .tf32, .float16: 0x1p-11
        case .bfloat16: 0x1p-8
        }
    }

    /// The smallest sum that is rounded to an infinity: half a unit in the last place above the largest number.
    var smallestInfiniteSum: Double {
        switch self {
        case .float32, .tf32, .bfloat16: 0x1p128 - 0x1p103
        case .float16: 65520
        case .float64: .infinity
        }
    }

    /// The smallest factor that is rounded to an infinity before it is multiplied.
    var smallestInfiniteFactor: Double {
        switch self {
        case .float32, .float64: .infinity
        case .tf32: 0x1p128 - 0x1p116
        case .bfloat16: 0x1p128 - 0x1p119
        case .float16: 65520
        }
    }

    /// The smallest normal number: below it errors are no longer relative.
    public var leastNormalMagnitude: Double {
        switch self {
        case .float32, .tf32, .bfloat16: 0x1p-126
        case .float16: 0x1p-14
        case .float64: 0x1p-1022
        }
    }

    /// Whether factors or sums have fewer bits or a smaller range than float32's.
    var isReduced: Bool { self != .float32 && self != .float64 }

    /// The arithmetic of an engine that declares this one, on operands of some types: float64's is at least float64, unless
    /// the answer itself said otherwise, and factors of 16 bits are not rounded to as many or more.
    func applied(to types: ElementTypes, isOfAnswer: Bool) -> Arithmetic {
        switch (types.output, self) {
        case (.float64, _): isOfAnswer ? self : .float64
        case (.float16, .tf32), (.bfloat16, .tf32), (.bfloat16, .bfloat16): .float32
        default: self
        }
    }
}
