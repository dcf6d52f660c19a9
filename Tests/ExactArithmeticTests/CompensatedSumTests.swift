import Testing
import _TestSupport

@testable import ExactArithmetic

/// Sums with their errors against the accumulator: what they decide is right, and they decide almost everything.
@Suite struct CompensatedSumTests {
    private func sums(_ terms: [(Double, Double)], isWide: Bool) -> (CompensatedSum, exact: OddRounded, Float) {
        var sum = CompensatedSum()
        var exact = ExactSum(isWide: isWide)
        var magnitude = ExactSum(isWide: isWide)
        for (first, second) in terms {
            if isWide { sum.add(first, times: second) } else { sum.add(first * second) }
            exact.add(first, times: second)
            magnitude.add(first.magnitude, times: second.magnitude)
        }
        return (sum, exact.rounded(), magnitude.rounded().floatRoundedUp)
    }

    private func isSame(_ first: OddRounded, _ second: OddRounded) -> Bool {
        first.nearest.bitPattern == second.nearest.bitPattern && first.odd.bitPattern == second.odd.bitPattern
    }

    /// Reals, reals of many exponents, sums that cancel, short numbers, one term and many.
    @Test(arguments: [false, true]) func whatIsDecidedIsRight(isWide: Bool) {
        var random = RandomNumbers(seed: 61)
        var (decided, open) = (0, 0)
        for trial in 0..<1200 {
            func number() -> Double {
                let real = Double(random.real())
                let whole = isWide ? real + Double(random.real()) * 0x1p-24 : real
                let exponent = Int.random(in: -(trial % 60)...(trial % 60), using: &random)
                return trial % 5 == 0 ? Double(random.integer(7)) : whole * powerOfTwo(exponent)
            }
            var terms = (0..<1 + trial % 40).map { _ in (number(), number()) }
            if trial % 3 == 0 {
                let more = terms.map { ($0.0, -$0.1) }
                terms += trial % 2 == 0 ? more : more.dropLast()
                terms.append((powerOfTwo(-(trial % 90)), trial % 4 == 0 ? 1 : -1))
            }
            let (sum, exact, magnitude) = sums(terms, isWide: isWide)
            if let rounded = sum.rounded(count: terms.count) {
                decided += 1
                #expect(isSame(rounded, exact), "\(terms)")
            } else {
                open += 1
            }
            if let rounded = sum.magnitudeRoundedUp(count: terms.count) { #expect(rounded == magnitude, "\(terms)") }
        }
        #expect(decided > 800 && open > 0, "\(decided) \(open)")
    }

    /// Half way between two numbers of float64, and beside it by less than any sum of float64 shows.
    @Test(arguments: [false, true], [-1, 1, 0.0]) func tiesAreDecidedRightOrLeftOpen(isWide: Bool, side: Double) {
        for last in [0, 0x1p-52] {
            for tail in [0x1p-54, 0x1p-80, 0x1p-106, 0x1p-107, 0x1p-120, 0x1p-200] {
                let terms: [(Double, Double)] = [
                    (1, 1), (last, 1), (0x1p-53, 1), (tail, side), (0x1p30, 1), (-0x1p30, 1),
                ]
                let (sum, exact, _) = sums(terms, isWide: isWide)
                // All terms are multiples of the tail.
                for unit in [0, tail] {
                    if let rounded = sum.rounded(count: terms.count, unit: unit) {
                        #expect(isSame(rounded, exact), "\(last) \(tail) \(unit)")
                    }
                }
            }
        }
    }

    /// One in eight of these sums is a number of float64, or lies half way between two: only exact errors decide those.
    @Test(arguments: [false, true]) func sumsOnAGridAreAllDecided(isWide: Bool) throws {
        var random = RandomNumbers(seed: 67)
        var open = 0
        for _ in 0..<400 {
            // Around 2^10, of multiples of 2^-46.
            let terms = (0..<300).map { _ in (Double(random.real()), Double(random.real())) } + [(1, 1040)]
            let (sum, exact, _) = sums(terms, isWide: isWide)
            let rounded = try #require(sum.rounded(count: terms.count, unit: 0x1p-46))
            #expect(isSame(rounded, exact))
            if sum.rounded(count: terms.count) == nil { open += 1 }
        }
        #expect(open > 20, "\(open)")
    }

    /// What a product of float64 numbers loses to rounding counts: 3 + 2^-53 - 2^-105 lies above 3.
    @Test func errorsOfProductsCount() throws {
        let (sum, exact, _) = sums([(1 + 0x1p-52, 1 - 0x1p-53), (1, 2)], isWide: true)
        #expect(exact.nearest == 3 && exact.odd == 3.0.nextUp)
        let rounded = try #require(sum.rounded(count: 2))
        #expect(isSame(rounded, exact))
    }

    @Test func whatIsNotFiniteIsLeftOpen() {
        for number in [Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
            let (sum, _, _) = sums([(1, 2), (number, 4), (1, 1)], isWide: true)
            #expect(sum.rounded(count: 3) == nil)
            #expect(sum.magnitudeRoundedUp(count: 3) == nil)
        }
    }

    @Test func zeroIsPositive() throws {
        for terms in [[(-1.0, 1.0), (1, 1)], [(-0.0, 1)], [(0, -5)], []] as [[(Double, Double)]] {
            let rounded = try #require(sums(terms, isWide: true).0.rounded(count: terms.count))
            #expect(rounded.nearest.bitPattern == 0 && rounded.odd.bitPattern == 0)
        }
    }
}
