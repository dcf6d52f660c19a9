import Testing
import _TestSupport

@testable import ExactArithmetic

/// The accumulator of float64 products, of 106 bits each, against big integers.
@Suite struct WideExactSumTests {
    typealias Term = (Double, Double)

    private static func sum(of terms: [Term], carryInterval: Int = 1 << 30) -> OddRounded {
        var sum = ExactSum(isWide: true, carryInterval: carryInterval)
        for (first, second) in terms { sum.add(first, times: second) }
        return sum.rounded()
    }

    private static func check(_ terms: [Term], sourceLocation: SourceLocation = #_sourceLocation) {
        let exact = terms.reduce(WideInteger()) { $0 + WideInteger($1.0, times: $1.1) }
        let rounded = sum(of: terms)
        #expect(exact.isNearest(rounded.nearest), "\(terms)", sourceLocation: sourceLocation)
        #expect(exact.isNearest(Float(rounded.odd)), "\(terms)", sourceLocation: sourceLocation)
        #expect(
            exact.isNegative || exact.isRoundedUp(rounded.floatRoundedUp), "\(terms)", sourceLocation: sourceLocation)
        #expect(sum(of: terms, carryInterval: 1) == rounded, "\(terms)", sourceLocation: sourceLocation)
    }

    /// How the factors of a random sum are drawn.
    enum Family: CaseIterable {
        case anyBits, alike, manyBinades, subnormal, huge
    }

    private static func factor(_ exponents: ClosedRange<Int>, _ random: inout RandomNumbers) -> Double {
        let exponent = Int.random(in: exponents, using: &random)
        let significand = 1 + Double(random.next() >> 12) * 0x1p-52
        return Double(sign: random.next() % 2 == 0 ? .plus : .minus, exponent: exponent, significand: significand)
    }

    private static func anyFinite(_ random: inout RandomNumbers) -> Double {
        while true {
            let number = Double(bitPattern: random.next())
            if number.isFinite { return number }
        }
    }

    @Test(arguments: Family.allCases)
    func randomSums(family: Family) {
        var random = RandomNumbers(seed: 40)
        for trial in 0..<60 {
            let terms: [Term] = (0..<trial % 12).map { _ in
                switch family {
                case .anyBits: (Self.anyFinite(&random), Self.anyFinite(&random))
                case .alike: (Self.factor(-1...0, &random), Self.factor(-1...0, &random))
                case .manyBinades: (Self.factor(-60...60, &random), Self.factor(-60...60, &random))
                case .subnormal: (Self.factor(-1074 ... -1000, &random), Self.factor(-60...60, &random))
                case .huge: (Self.factor(1000...1022, &random), Self.factor(-4...2, &random))
                }
            }
            Self.check(terms)
        }
    }

    /// Large products that cancel leave the low half of a small one, which a float64 product does not hold.
    @Test func cancellationLeavesThe106BitsOfOneProduct() {
        var random = RandomNumbers(seed: 41)
        for _ in 0..<40 {
            let large = (0..<6).map { _ in (Self.factor(400...500, &random), Self.factor(400...500, &random)) }
            let small: Term = (Self.factor(-3...3, &random), Self.factor(-3...3, &random))
            let negated: Term = (-(small.0 * small.1), 1)
            let terms = (large + large.map { (-$0, $1) } + [small, negated]).shuffled(using: &random)
            // What is left is the rounding error of one product, as a fused multiply-add gives it.
            #expect(Self.sum(of: terms).nearest == (-small.0 * small.1).addingProduct(small.0, small.1))
            Self.check(terms)
        }
    }

    /// A product whose low half alone, or whose high half alone, is not zero.
    @Test func halvesOfAProductThatAreZeroAddNothing() {
        for term: Term in [
            (0x1p31, 0x1p31), (0x1.8p61, 1), (0x1p62, 1), (0x1p52, 0x1p52), (1, 1), (.leastNonzeroMagnitude, 1),
            (0x1.FFFFFFFFFFFFFp0, 0x1.FFFFFFFFFFFFFp0), (-0x1.FFFFFFFFFFFFFp1023, 0x1.FFFFFFFFFFFFFp-1),
        ] {
            Self.check([term])
            Self.check([term, term, term])
            let nearer = term.0 < 0 ? term.0.nextUp : term.0.nextDown
            Self.check([term, (nearer, -term.1)])
        }
    }

    @Test func smallSumsRoundToSubnormalsOnce() {
        let least = Double.leastNonzeroMagnitude
        #expect(Self.sum(of: [(least, least)]).nearest == 0)
        #expect(Self.sum(of: [(least, least)]).odd == least)
        #expect(Self.sum(of: [(-least, least)]).odd == -least)
        #expect(Self.sum(of: [(least, 0.5)]).nearest == 0)
        #expect(Self.sum(of: [(least, 0.5), (least, least)]).nearest == least)
        #expect(Self.sum(of: [(least, 1.5)]).nearest == 2 * least)
        #expect(Self.sum(of: [(least, 2.5)]).nearest == 2 * least)
        #expect(Self.sum(of: [(least, 2.5), (least, least)]).nearest == 3 * least)
        #expect(Self.sum(of: [(.leastNormalMagnitude, 1), (-least, 0.25)]).nearest == .leastNormalMagnitude)
        #expect(Self.sum(of: [(least, least)]).floatRoundedUp == .leastNonzeroMagnitude)
        for terms: [Term] in [[(least, least)], [(least, 0.5), (-least, least)], [(0x1p-537, 0x1.8p-537)]] {
            Self.check(terms)
        }
    }

    @Test func largeSumsOverflowAtTheThreshold() {
        let greatest = Double.greatestFiniteMagnitude
        let least = Double.leastNonzeroMagnitude
        let half: Term = (greatest.ulp, 0.5)
        #expect(Self.sum(of: [(greatest, 1)]).nearest == greatest)
        #expect(Self.sum(of: [(greatest, 1), half]).nearest == .infinity)
        #expect(Self.sum(of: [(greatest, 1), half, (-least, least)]).nearest == greatest)
        #expect(Self.sum(of: [(greatest, -1), (-half.0, half.1)]).nearest == -.infinity)
        #expect(Self.sum(of: [(greatest, greatest)]).nearest == .infinity)
        // A partial sum beyond the range is not one.
        #expect(Self.sum(of: [(greatest, greatest), (3, 5), (-greatest, greatest)]).nearest == 15)
        Self.check([(greatest, greatest), (greatest, greatest), (least, least)])
        Self.check([(greatest, greatest), (-greatest, greatest.nextDown)])
    }

    @Test func manyProductsDoNotOverflowTheDigits() {
        let greatest = Double.greatestFiniteMagnitude
        for carryInterval in [1, 1 << 30] {
            var sum = ExactSum(isWide: true, carryInterval: carryInterval)
            for _ in 0..<4096 { sum.add(greatest, times: greatest) }
            for _ in 0..<4095 { sum.add(-greatest, times: greatest) }
            sum.add(greatest.nextDown, times: -greatest)
            // greatest x ulp(greatest), far beyond the range.
            #expect(sum.rounded().nearest == .infinity)
            sum.add(-greatest, times: greatest.ulp)
            #expect(sum.rounded().nearest == 0)
        }
    }

    @Test func nonFiniteTermsPropagate() {
        let infinity = Double.infinity
        for (terms, want) in [
            ([(infinity, 2)], infinity), ([(infinity, -2), (1, 1)], -infinity), ([(infinity, 0)], .nan),
            ([(infinity, 1), (-infinity, 1)], .nan), ([(.nan, 0)], .nan),
            ([(.greatestFiniteMagnitude, .greatestFiniteMagnitude), (-infinity, 1)], -infinity),
        ] as [([Term], Double)] {
            let sum = Self.sum(of: terms).nearest
            #expect(sum == want || sum.isNaN && want.isNaN, "\(terms)")
        }
    }

    @Test func exactZeroIsPositive() {
        for terms: [Term] in [[], [(-0.0, 1)], [(0x1p-1000, 0x1p-1000), (-0x1p-1000, 0x1p-1000)]] {
            let sum = Self.sum(of: terms)
            #expect(sum.nearest == 0 && sum.nearest.sign == .plus && sum.odd == 0)
        }
    }
}
