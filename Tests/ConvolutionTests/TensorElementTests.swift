import Convolution
import Testing
import _TestSupport

/// Roundings of float64 to every element type, and the places of their numbers.
@Suite struct TensorElementTests {
    /// Checks that between two neighbouring numbers the middle goes to the even one, and the next float64 on either side of it
    /// to the nearer one: by way of another type they would go wrong.
    ///
    /// - Returns: where it is not so.
    private func misrounded<Element: TensorElement>(
        between low: Element, _ high: Element, at places: (Double, Double), isLowEven: Bool
    ) -> [Double] {
        let middle = places.0 / 2 + places.1 / 2
        let roundings = [
            (places.0, low), (middle.nextDown, low), (middle, isLowEven ? low : high), (middle.nextUp, high),
        ]
        return roundings.flatMap { number, want in
            [Element(nearest: number) == want, Element(nearest: -number).double == -want.double].allSatisfy(\.self)
                ? [] : [number]
        }
    }

    @Test func everyFloat16IsTheNearestOfItsSurroundings() {
        var wrong: [Double] = []
        for pattern in 0..<Float16.infinity.bitPattern {
            let (low, high) = (Float16(bitPattern: pattern), Float16(bitPattern: pattern + 1))
            wrong += misrounded(
                between: low, high, at: (Double(low), high.isInfinite ? 65536 : Double(high)),
                isLowEven: pattern % 2 == 0)
        }
        #expect(wrong.isEmpty)
    }

    @Test func everyBFloat16IsTheNearestOfItsSurroundings() {
        var wrong: [Double] = []
        for pattern in BFloat16Tests.finite {
            let (low, high) = (BFloat16(bitPattern: pattern), BFloat16(bitPattern: pattern + 1))
            wrong += misrounded(
                between: low, high, at: (low.double, pattern == 0x7F7F ? 0x1p128 : high.double),
                isLowEven: pattern % 2 == 0)
        }
        #expect(wrong.isEmpty)
    }

    @Test func float32IsTheNearestOfItsSurroundings() {
        var random = RandomNumbers(seed: 31)
        let ends: [Float] = [0, .leastNonzeroMagnitude, .leastNormalMagnitude.nextDown, 1, .greatestFiniteMagnitude]
        var wrong: [Double] = []
        for low in ends + (0..<3000).map({ _ in random.finite().magnitude }) {
            let high = low.nextUp
            wrong += misrounded(
                between: low, high, at: (Double(low), high.isInfinite ? 0x1p128 : Double(high)),
                isLowEven: low.bitPattern % 2 == 0)
        }
        #expect(wrong.isEmpty)
    }

    /// In float32 these are the middle between two numbers of 16 bits, in float64 they lie above or below it.
    @Test func numbersAreRoundedOnce() {
        let above = 1 + 0x1p-11 + 0x1p-40
        #expect(Float16(Float(above)) == 1)
        #expect(Float16(nearest: above) == Float16(1).nextUp)
        let below = 1 + 0x3p-11 - 0x1p-40
        #expect(Float16(nearest: below) == Float16(1).nextUp)
        #expect(BFloat16(nearest: 1 + 0x1p-8 + 0x1p-40).float == 1 + 0x1p-7)
        #expect(BFloat16(nearest: 1 + 0x3p-8 - 0x1p-40).float == 1 + 0x1p-7)
        #expect(BFloat16(nearest: -1 - 0x1p-8 - 0x1p-40).float == -1 - 0x1p-7)
        #expect(BFloat16(nearest: 0x1p-134 + 0x1p-180).float == 0x1p-133)
        #expect(BFloat16(nearest: 0x1p-134).float == 0)
        #expect(Float16(nearest: 0x1p-25 + 0x1p-70) == Float16.leastNonzeroMagnitude)
        #expect(BFloat16(nearest: .leastNonzeroMagnitude).bitPattern == 0)
        #expect(BFloat16(nearest: -.leastNonzeroMagnitude).bitPattern == 0x8000)
        #expect(BFloat16(nearest: .greatestFiniteMagnitude).float == .infinity)
    }

    @Test func whatIsNotFiniteStaysSo() {
        func check<Element: TensorElement>(_: Element.Type) {
            #expect(Element(nearest: .nan).double.isNaN)
            for number in [Double.infinity, -.infinity] { #expect(Element(nearest: number).double == number) }
            for number in [0.0, -0.0] { #expect(Element(nearest: number).double.sign == number.sign) }
        }
        check(Double.self)
        check(Float.self)
        check(Float16.self)
        check(BFloat16.self)
    }

    @Test func wholeNumbersRoundTiesToEvenAndEndAtTheirEnds() {
        func check<Element: TensorElement & FixedWidthInteger>(_: Element.Type) where Element.Accumulator == Int64 {
            let range = Element.elementType.range
            #expect(range == Int(Element.min)...Int(Element.max))
            for (number, want) in [(2.5, 2), (3.5, 4), (2.500001, 3), (0.5, 0), (1.5, 2), (100, 100), (99.4999, 99)] {
                #expect(Int(Element(nearest: number)) == want)
            }
            for number in [1e300, .infinity, Double(Element.max) + 0.5, Double(Element.max) + 1] {
                #expect(Element(nearest: number) == .max)
            }
            for number in [-1e300, -.infinity, Double(Element.min) - 0.75, Double(Element.min) - 1] {
                #expect(Element(nearest: number) == .min)
            }
            #expect(Element(nearest: .nan) == 0)
            #expect(Element(narrowing: .max) == .max && Element(narrowing: .min) == .min)
            #expect(Element(narrowing: 17) == 17)
        }
        check(Int8.self)
        check(UInt8.self)
        check(Int32.self)
        #expect(Int8(nearest: -2.5) == -2 && Int8(nearest: -3.5) == -4)
        #expect(Int32(nearest: -2_147_483_648.5) == .min)
    }

    /// Neighbours have neighbouring places, zero has 0, and so has -0.
    @Test func placesCountNumbersFromZero() {
        var wrong = 0
        for pattern in 0..<UInt16(0x7F80) where BFloat16(bitPattern: pattern).place != Int(pattern) { wrong += 1 }
        for pattern in 0..<UInt16(0x7F80) where BFloat16(bitPattern: pattern | 0x8000).place != -Int(pattern) {
            wrong += 1
        }
        var (number, place) = (-Float16.infinity, Float16(-Float16.infinity).place)
        while number < .infinity {
            number = number.nextUp
            // From -0.0 the next is the least number above zero; both zeros are one place.
            place += 1
            if number.place != place { wrong += 1 }
        }
        #expect(wrong == 0)
        #expect(Float(-0.0).place == 0 && Double(-0.0).place == 0 && Float16(-0.0).place == 0)
        #expect(BFloat16(bitPattern: 0x8000).place == 0)
        var random = RandomNumbers(seed: 32)
        for _ in 0..<500 {
            let single = random.finite()
            #expect(single.nextUp.place - single.place == 1)
            let double = Double(single) * Double(single)
            #expect(double.nextUp.place - double.place == 1)
        }
        #expect(Double.leastNonzeroMagnitude.place == 1 && (-Double.leastNonzeroMagnitude).place == -1)
        #expect(Int8(-128).place == -128 && UInt8(255).place == 255 && Int32.min.place == Int(Int32.min))
    }

    @Test func accumulatorsHoldTheNumber() {
        #expect(Float16(1.5).widened == 1.5 as Float && BFloat16(bitPattern: 0x3FC0).widened == 1.5 as Float)
        #expect(Float16(narrowing: 1 + 0x1p-11) == 1 && BFloat16(narrowing: 1 + 0x3p-8).float == 1 + 0x1p-6)
        #expect(Int8(-128).widened == -128 && UInt8(255).widened == 255)
    }
}
