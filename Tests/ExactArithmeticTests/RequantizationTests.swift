import Convolution
import Testing
import _TestSupport

@testable import ExactArithmetic

/// Scaled sums against exact rational numbers.
@Suite struct RequantizationTests {
    typealias Scales = (first: Float, second: Float, divisor: Float)

    /// Whether a whole number is the nearest to sum * first * second / divisor, ties to even: 2 |sum| first second lies between
    /// (2 n - 1) divisor and (2 n + 1) divisor.
    private static func isNearest(_ number: Int, to sum: Int64, _ scales: Scales) -> Bool {
        // A product of two float32 is a float64.
        let scaled = WideInteger(Double(sum.magnitude), times: Double(scales.first) * Double(scales.second))
        let twice = scaled + scaled
        func bound(_ odd: Int) -> WideInteger { WideInteger(Double(scales.divisor), times: Double(odd)) }
        if sum != 0, number != 0, (number < 0) != (sum < 0) { return false }
        let magnitude = Int(number.magnitude)
        if magnitude >= 1 << 20 { return twice >= bound(2 * (1 << 20) - 2) }
        let (low, high) = (bound(2 * magnitude - 1), bound(2 * magnitude + 1))
        return magnitude % 2 == 0 ? twice >= low && twice <= high : twice > low && twice < high
    }

    private static func check(_ sum: Int64, _ scales: Scales, sourceLocation: SourceLocation = #_sourceLocation) {
        for sum in [sum, -sum] {
            let got = Requantization.rounded(sum, times: (scales.first, scales.second), over: scales.divisor)
            #expect(isNearest(got, to: sum, scales), "\(sum) \(scales): \(got)", sourceLocation: sourceLocation)
        }
    }

    private static func scale(_ exponents: ClosedRange<Int>, _ random: inout RandomNumbers) -> Float {
        Float(bitPattern: UInt32(Int.random(in: exponents, using: &random) + 127) << 23 | UInt32(random.next() >> 41))
    }

    @Test func ordinaryScales() {
        var random = RandomNumbers(seed: 60)
        for _ in 0..<500 {
            let scales = (
                Self.scale(-10...2, &random), Self.scale(-10...2, &random), Self.scale(-6...6, &random)
            )
            Self.check(Int64(random.next() >> 44), scales)
        }
    }

    /// Every exponent that float32 has, subnormal ones too; most results are 0 or beyond all answers.
    @Test func anyScales() {
        var random = RandomNumbers(seed: 61)
        func any() -> Float {
            while true {
                let number = random.finite().magnitude
                if number > 0 { return number }
            }
        }
        for trial in 0..<300 {
            let scales = (any(), any(), any())
            Self.check(Int64(random.next() >> UInt64(12 + trial % 40)), scales)
            // Such that the result is about the sum: the divisor is the product.
            let product = scales.0 * scales.1
            if product.isFinite, product > 0 { Self.check(Int64(random.next() >> 45), (scales.0, scales.1, product)) }
        }
    }

    /// Sums near 2^53 make multiples of a tiny scale so fine that some lie next to a tie, on either side of it, where the
    /// roundings of float64 can no longer tell.
    @Test func sumsNextToATie() {
        var random = RandomNumbers(seed: 62)
        for _ in 0..<500 {
            let scales = (
                Self.scale(-23 ... -22, &random), Self.scale(-23 ... -22, &random), Self.scale(0...0, &random)
            )
            let factor = Double(scales.0) * Double(scales.1) / Double(scales.2)
            let tie = Double(random.next() % 30) + 0.5
            let nearest = Int64(tie / factor)
            for sum in nearest - 1...nearest + 1 { Self.check(sum, scales) }
        }
    }

    @Test(
        arguments: [
            (5, 2, [2, -2]), (3, 2, [2, -2]), (1, 2, [0, 0]), (7, 2, [4, -4]), (6, 4, [2, -2]), (10, 4, [2, -2]),
        ] as [(Int64, Float, [Int])])
    func tiesGoToEven(sum: Int64, divisor: Float, want: [Int]) {
        for power: Float in [1, 0x1p-140, 0x1p100, 0x1.8p3] {
            let got = [sum, -sum].map { Requantization.rounded($0, times: (power, 1), over: divisor * power) }
            #expect(got == want)
        }
    }

    @Test func answersAreShiftedAndCutOff() {
        let quantization = Quantization(
            input: .init(scales: [0.5]), filter: .init(scales: [1, 2]), output: .init(zeroPoints: [-5], scales: [1]))
        let rule = Requantization(quantization, type: .int8)
        #expect(rule.quantized(10, filter: 0) == 0 && rule.quantized(10, filter: 1) == 5)
        #expect(rule.quantized(265, filter: 0) == 127 && rule.quantized(263, filter: 0) == 127)
        #expect(rule.quantized(262, filter: 0) == 126 && rule.quantized(-247, filter: 0) == -128)
        #expect(rule.quantized(-244, filter: 0) == -127 && rule.quantized(.min >> 11, filter: 1) == -128)
        #expect(rule.quantized(1 << 52, filter: 1) == 127)
    }
}
