import Testing
import _TestSupport

@testable import ExactArithmetic

@Suite struct IntegerGridTests {
    @Test func isTheCoarsestGrid() throws {
        let least = Float.leastNonzeroMagnitude
        let lists: [([Float], Int, Double)] = [
            ([], 0, 0), ([0, -0.0], 0, 0), ([1, 2, 3], 0, 3), ([-4, 8, 0], 2, 2), ([0.75, -2], -2, 8),
            ([least], -149, 1), ([least, 1], -149, 0x1p149), ([3 * least, 6 * least], -149, 6),
            ([.leastNormalMagnitude], -126, 1), ([.greatestFiniteMagnitude], 104, 0xFFFFFF),
            ([-.greatestFiniteMagnitude, 0x1p104], 104, 0xFFFFFF), ([Float(1).nextUp], -23, 0x800001),
        ]
        for (values, exponent, largest) in lists {
            let grid = try #require(IntegerGrid(values))
            #expect(grid.exponent == exponent, "\(values)")
            #expect(grid.largest == largest, "\(values)")
        }
    }

    @Test func nonFiniteNumbersAreOnNone() {
        for value in [Float.nan, .infinity, -.infinity, .signalingNaN] {
            #expect(IntegerGrid([1, value, 2]) == nil)
        }
    }

    @Test func numbersAreIntegersOnTheirGrid() throws {
        var random = RandomNumbers(seed: 4)
        for _ in 0..<100 {
            let values = (0..<8).map { _ in random.real(exponents: -15...15) } + [0]
            let grid = try #require(IntegerGrid(values))
            let integers = wholeNumbers(values, exponent: grid.exponent).map { Int64($0) }
            #expect(zip(values, integers).allSatisfy { Double($1) * powerOfTwo(grid.exponent) == Double($0) })
            #expect(Double(integers.map(\.magnitude).max()!) == grid.largest)
            #expect(integers.contains { $0 % 2 != 0 })
        }
    }
}
