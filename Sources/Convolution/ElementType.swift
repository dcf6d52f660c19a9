/// The type of a tensor's elements.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
    case float64, float32, float16, bfloat16, int8, uint8, int32

    /// What a floating-point type can represent; `nil` for whole numbers.
    public var format: FloatFormat? {
        switch self {
        case .float64: .float64
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .int8, .uint8, .int32: nil
        }
    }

    /// The least and the largest whole number; `nil` for floating-point types.
    public var range: ClosedRange<Int>? {
        switch self {
        case .int8: -128...127
        case .uint8: 0...255
        case .int32: Int(Int32.min)...Int(Int32.max)
        case .float64, .float32, .float16, .bfloat16: nil
        }
    }

    /// Whether it is a floating-point type of fewer bits than float32, in which its sums are usually kept.
    public var isShortFloat: Bool { format.map { $0.significandBits < FloatFormat.float32.significandBits } ?? false }

    /// The size of an element in memory, in bytes.
    public var size: Int {
        switch self {
        case .float64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16: 2
        case .int8, .uint8: 1
        }
    }
}

/// A binary floating-point format with subnormal numbers, as IEEE 754-2019 describes them in 3.3.
public struct FloatFormat: Hashable, Sendable {
    /// The bits of a significand, the first one included: p.
    public let significandBits: Int
    /// The exponent of the largest number: emax. The least normal number is 2^(1 - emax).
    public let greatestExponent: Int

    public static let float64 = FloatFormat(significandBits: 53, greatestExponent: 1023)
    public static let float32 = FloatFormat(significandBits: 24, greatestExponent: 127)
    public static let float16 = FloatFormat(significandBits: 11, greatestExponent: 15)
    public static let bfloat16 = FloatFormat(significandBits: 8, greatestExponent: 127)
    /// NVIDIA's TensorFloat-32, of the factors of a product alone.
    public static let tf32 = FloatFormat(significandBits: 11, greatestExponent: 127)

    /// The unit roundoff u = 2^-p: half the distance from 1 to the next number.
    public var unitRoundoff: Double { power(-significandBits) }
    /// The smallest normal number.
    public var leastNormalMagnitude: Double { power(1 - greatestExponent) }
    /// The smallest number above zero.
    public var leastNonzeroMagnitude: Double { power(2 - greatestExponent - significandBits) }
    /// The smallest real number that is rounded to an infinity: half a unit in the last place above the largest number.
    /// Infinite for float64, which cannot hold its own.
    public var overflowThreshold: Double {
        greatestExponent >= 1023
            ? .infinity : power(greatestExponent + 1) - power(greatestExponent - significandBits)
    }

    private func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
}

/// The types of the tensors of one convolution, by role.
public struct ElementTypes: Hashable, Sendable {
    public var input: ElementType
    public var filter: ElementType
    public var output: ElementType

    public init(input: ElementType, filter: ElementType, output: ElementType) {
        self.input = input
        self.filter = filter
        self.output = output
    }

    /// One floating-point type for all.
    public init(_ type: ElementType) {
        self.init(input: type, filter: type, output: type)
    }

    public static let float32 = ElementTypes(.float32)

    /// How numbers of these types are multiplied and added.
    public enum Kind: Hashable, Sendable {
        /// All tensors have one floating-point type.
        case floating(ElementType)
        /// Differences of 8-bit numbers and their zero points; their exact sum in int32.
        case integer
        /// The same, scaled and rounded to 8 bits again.
        case quantized
    }

    /// How they are multiplied and added, or `nil` where no convolution has these types together.
    public var kind: Kind? {
        if output.format != nil { return input == output && filter == output ? .floating(output) : nil }
        let bytes: Set<ElementType> = [.int8, .uint8]
        guard bytes.contains(input), bytes.contains(filter) else { return nil }
        return output == .int32 ? .integer : .quantized
    }

    /// The type of a role's tensor. A bias has the output's, and int32 where that is quantized.
    public subscript(role: Role) -> ElementType {
        switch role {
        case .input: input
        case .filter: filter
        case .output: output
        case .bias: output.format == nil ? .int32 : output
        }
    }
}

extension ElementTypes: CustomStringConvertible {
    /// `float16`, `int8 x uint8 to int32`.
    public var description: String {
        input == output && filter == output
            ? output.rawValue : "\(input.rawValue) x \(filter.rawValue) to \(output.rawValue)"
    }
}
