import Conformance
import Testing

/// Errors and bounds, short enough for a sentence.
struct RoughDescriptionTests {
    @Test(arguments: [
        (0.0, "0"), (1, "1"), (0.000_012_345, "1.23e-05"), (-0.1, "-0.1"), (.infinity, "inf"), (.nan, "nan"),
        (.leastNonzeroMagnitude, "5e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (0.123_456, "0.123"),
        (12.3456, "12.3"), (99.96, "100"), (123_456, "123000"), (-9.999, "-10"),
    ])
    func threeDigits(_ number: Double, _ text: String) {
        #expect(number.roughDescription == text)
    }
}
