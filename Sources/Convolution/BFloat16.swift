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
