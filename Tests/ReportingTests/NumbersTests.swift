import Testing

@testable import Reporting

struct NumbersTests {
    @Test(arguments: [(0, "0 checks"), (1, "1 check"), (1200, "1,200 checks")])
    func counts(_ number: Int, _ text: String) {
        #expect(Numbers.count(number, "check") == text)
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
