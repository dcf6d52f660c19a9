import Testing

@testable import Reporting

struct NumbersTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
        (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func counts(_ number: Int, _ text: String) {
        #expect(Numbers.count(number) == text)
    }

    @Test func plainNumbersKeepEveryDigit() {
        #expect(Numbers.plain(4.0) == "4")
        #expect(Numbers.plain(Float(0.1)) == "0.1")
        #expect(Numbers.plain(1e-10) == "1e-10")
        #expect(Numbers.plain(0.1 + 0.2) == "0.30000000000000004")
        #expect(Numbers.plain(-Double.infinity) == "-inf")
    }

    @Test(arguments: [
        (0.0, "0.000000"), (0.000_25, "0.000250"), (1.999_999_9, "2.000000"), (12.5, "12.500000"), (1e-9, "0.000000"),
        (-1, "0.000000"), (.nan, "0.000000"), (.infinity, "0.000000"),
    ])
    func fixed(_ number: Double, _ text: String) {
        #expect(Numbers.fixed(number, places: 6) == text)
    }

    @Test(arguments: [(0.82, "820 ms"), (4.21, "4.2 s"), (59.99, "60.0 s"), (185, "3 min 5 s")])
    func durations(_ seconds: Double, _ text: String) {
        #expect(Numbers.duration(seconds) == text)
    }
}
