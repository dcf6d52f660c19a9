/// A number of Google's bfloat16 format: the upper half of a float32, with 8 significant bits.
public struct BFloat16: Hashable, Sendable, BitwiseCopyable {
    public var bitPattern: UInt16

    public init(bitPattern: UInt16) {
        self.bitPattern = bitPattern
    }

    /// The nearest bfloat16 to a float32, ties to even; a NaN stays one.
    public init(_ number: Float) {
        let bits = number.bitPattern
        if number.isNaN {
            // Its upper half alone might be an infinity.
            bitPattern = UInt16(bits >> 16) | 0x40
        } else {
            bitPattern = UInt16((bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
        }
    }

    /// The same number in float32.
    public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
}

extension BFloat16: CustomStringConvertible {
    public var description: String { float.description }
}

extension BFloat16: TensorElement {
    public static var elementType: ElementType { .bfloat16 }
    @inlinable public var double: Double { Double(float) }
    @inlinable public var widened: Float { float }
    @inlinable public var place: Int { bitPattern >> 15 == 0 ? Int(bitPattern) : -Int(bitPattern & 0x7FFF) }
    /// By way of float32, rounded to odd there, which keeps what the second rounding must know (S. Boldo, G. Melquiond,
    /// "Emulation of a FMA and Correctly Rounded Sums", IEEE Transactions on Computers 57(4), 2008).
    @inlinable public init(nearest number: Double) {
        var single = Float(number)
        if single.isFinite, Double(single) != number {
            if Double(single).magnitude > number.magnitude { single = Float(bitPattern: single.bitPattern - 1) }
            single = Float(bitPattern: single.bitPattern | 1)
        }
        self.init(single)
    }
    @inlinable public init(narrowing sum: Float) { self.init(sum) }
    public static func erase(_ tensor: Tensor<BFloat16>) -> AnyTensor { .bfloat16(tensor) }
}
