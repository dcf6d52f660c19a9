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

    /// Lists of up to 50 bits and longer ones, with the largest and the finest number in every place.
    @Test func everyNumberCounts() throws {
        for bits in [3, 48, 49, 50, 51, 53, 80, 1000] {
            for place in 0..<9 {
                for other in 0..<9 where other != place {
                    var values = [Double](repeating: 0, count: 9)
                    values[place] = -powerOfTwo(bits - 1 - 500)
                    values[other] = powerOfTwo(-500)
                    let grid = try #require(IntegerGrid(values))
                    #expect(grid.exponent == -500 && grid.largest == powerOfTwo(bits - 1))
                }
            }
        }
    }

    @Test func nonFiniteNumbersAreOnNone() {
        for value in [Float.nan, .infinity, -.infinity, .signalingNaN] {
            for place in 0..<7 {
                for other in [0, 1, -0x1p60] as [Float] {
                    var values = [Float](repeating: other, count: 7)
                    values[place] = value
                    #expect(IntegerGrid(values) == nil, "\(values)")
                }
            }
        }
    }

    @Test func numbersAreIntegersOnTheirGrid() throws {
        var random = RandomNumbers(seed: 4)
        for _ in 0..<100 {
            let values = (0..<8).map { _ in random.real(exponents: -15...15) } + [0]
            let grid = try #require(IntegerGrid(values))
            let integers = values.map { Int64(Double($0) * powerOfTwo(-grid.exponent)) }
            #expect(zip(values, integers).allSatisfy { Double($1) * powerOfTwo(grid.exponent) == Double($0) })
            #expect(Double(integers.map(\.magnitude).max()!) == grid.largest)
            #expect(integers.contains { $0 % 2 != 0 })
        }
    }

    /// Products are multiples of both grids' product, and a bias may be of a finer one.
    @Test func theUnitOfSumsIsTheFinestGrid() {
        func unit(_ bias: [Double]?) -> Double? {
            ExactBounds(.float([0.5, -3.125], [0.25, 7]), bias: bias, products: 4)?.unit
        }
        #expect(unit(nil) == 0x1p-5)
        #expect(unit([0, 4]) == 0x1p-5)
        #expect(unit([0x1p-9, 1]) == 0x1p-9)
        #expect(unit([.nan]) == nil)
    }
}
