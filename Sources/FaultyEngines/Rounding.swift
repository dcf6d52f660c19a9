extension Float {
    /// Rounded to nearest even with so many bits behind the leading one, exponents unchanged.
    func rounded(toFractionBits bits: Int) -> Float {
        guard isFinite else { return self }
        let dropped = UInt32(23 - bits)
        let odd = (bitPattern >> dropped) & 1
        let rounded = bitPattern + (1 << (dropped - 1)) - 1 + odd
        return Float(bitPattern: (rounded >> dropped) << dropped)
    }

    /// As TensorFloat-32: 10 bits behind the leading one.
    var inTF32: Float { rounded(toFractionBits: 10) }

    /// As bfloat16: 7 bits behind the leading one.
    var inBFloat16: Float { rounded(toFractionBits: 7) }

    /// As IEEE 754 binary16: 10 bits behind the leading one, overflow beyond 65504, subnormals below 2^-14.
    var inFloat16: Float {
        guard isFinite else { return self }
        if magnitude < 0x1p-14 { return (self * 0x1p24).rounded(.toNearestOrEven) * 0x1p-24 }
        let rounded = rounded(toFractionBits: 10)
        return rounded.magnitude > 65504 ? Float(signOf: self, magnitudeOf: .infinity) : rounded
    }

    /// Cut towards zero to so many bits behind the leading one.
    func cut(toFractionBits bits: Int) -> Float {
        guard isFinite else { return self }
        let dropped = UInt32(23 - bits)
        return Float(bitPattern: (bitPattern >> dropped) << dropped)
    }

    /// Zero where it is subnormal.
    var flushed: Float { isSubnormal ? Float(signOf: self, magnitudeOf: 0) : self }

    /// The nearest number that is not farther from zero.
    static func chopped(_ number: Double) -> Float {
        let rounded = Float(number)
        guard rounded.isFinite, Double(rounded).magnitude > number.magnitude else { return rounded }
        return Float(signOf: rounded, magnitudeOf: rounded.magnitude.nextDown)
    }
}
