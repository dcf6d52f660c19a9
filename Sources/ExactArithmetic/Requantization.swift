internal import Convolution

/// How an exact sum becomes a number of a quantized answer: round(sum * input scale * filter scale / output scale), ties to
/// even, plus the output's zero point, kept within the type. In exact arithmetic, as ONNX's QLinearConv defines it.
struct Requantization {
    private let quantization: Quantization
    private let zeroPoint: Int
    private let range: ClosedRange<Int>

    /// - Precondition: the numbers suit the type, which is one of 8 bits: see ``Quantization/objection(to:)``.
    init(_ quantization: Quantization, type: ElementType) {
        self.quantization = quantization
        zeroPoint = quantization.output?.zeroPoints[0] ?? 0
        range = type.range ?? 0...0
    }

    /// - Parameters:
    ///   - sum: below 2^53 in magnitude.
    ///   - filter: the filter that it belongs to.
    func quantized(_ sum: Int64, filter: Int) -> Int {
        guard let output = quantization.output else { return Int(sum) }
        let scales = (quantization.input.scales[0], quantization.filterScale(filter), output.scales[0])
        let scaled = Requantization.rounded(sum, times: (scales.0, scales.1), over: scales.2)
        return min(max(scaled + zeroPoint, range.lowerBound), range.upperBound)
    }

    /// sum * first * second / divisor, rounded to the nearest whole number, ties to even; beyond 2^20 something of that sign
    /// and at least 2^20.
    static func rounded(_ sum: Int64, times factors: (Float, Float), over divisor: Float) -> Int {
        // Its relative error is below 2^-50.
        let near = Double(sum) * Double(factors.0) * Double(factors.1) / Double(divisor)
        if near.magnitude >= 0x1p20 { return near < 0 ? -(1 << 20) : 1 << 20 }
        let floor = Int(near.magnitude)
        let sign = near < 0 ? -1 : 1
        let fraction = near.magnitude - Double(floor)
        // Far from a tie float64 decides.
        if abs(fraction - 0.5) > 0x1p-20 { return sign * (fraction > 0.5 ? floor + 1 : floor) }
        // |sum| a b 2^e against (floor + 1/2) c, with a, b, c the 24-bit significands: 101 bits against 45, one of them shifted.
        let (a, b, c) = (factors.0.integerParts, factors.1.integerParts, divisor.integerParts)
        var left = UInt128(sum.magnitude) * UInt128(a.significand) * UInt128(b.significand)
        var right = UInt128(2 * floor + 1) * UInt128(c.significand)
        // left * 2^(a.exponent + b.exponent + 1) against right * 2^c.exponent; close to each other, so neither overflows.
        let shift = a.exponent + b.exponent + 1 - c.exponent
        if shift >= 0 { left <<= UInt128(shift) } else { right <<= UInt128(-shift) }
        if left == right { return sign * (floor % 2 == 0 ? floor : floor + 1) }
        return sign * (left > right ? floor + 1 : floor)
    }
}

extension Float {
    /// A positive finite number as significand * 2^exponent.
    fileprivate var integerParts: (significand: UInt32, exponent: Int) {
        let bits = Int(exponentBitPattern)
        return (significandBitPattern | (bits == 0 ? 0 : 1 << 23), max(bits, 1) - 150)
    }
}
