import Conformance
import Testing

struct NumberDescriptionTests {
    @Test(arguments: [
        (0.0, "0"), (1, "1"), (0.000_012_345, "1.23e-05"), (-0.1, "-0.1"), (.infinity, "inf"), (.nan, "NaN"),
        (.leastNonzeroMagnitude, "5e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (0.123_456, "0.123"),
        (12.3456, "12.3"), (99.96, "100"), (-9.999, "-10"), (51_535, "51535"), (123_456.5, "123000"),
        (0x1p53, "9007199254740992"), (0x1p54, "1.8e+16"),
    ])
    func errorsHaveThreeDigitsAndWholeNumbersAll(_ number: Double, _ text: String) {
        #expect(number.roughDescription == text)
    }

    /// The same number reads the same, whether it was computed in float32 or stored as a float64.
    @Test(arguments: [
        (Float(4), "4"), (-0.0, "-0"), (0.1, "0.1"), (0x1p24, "16777216"), (-6562, "-6562"), (1e30, "1e+30"),
        (.leastNonzeroMagnitude, "1e-45"), (-.infinity, "-inf"), (.nan, "NaN"),
    ])
    func aNumberHasOneForm(_ number: Float, _ text: String) {
        #expect(number.exactDescription == text)
        #expect(Double(number).exactDescription == text)
    }

    @Test func whatIsNoFloat32KeepsEveryDigit() {
        #expect((0.1 + 0.2).exactDescription == "0.30000000000000004")
        #expect(1e-10.exactDescription == "1e-10")
        #expect(1e300.exactDescription == "1e+300")
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
        (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func countsAreGrouped(_ number: Int, _ text: String) {
        #expect(number.groupedDescription == text)
    }
}
