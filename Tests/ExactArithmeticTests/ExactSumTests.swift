import Testing
import _TestSupport

@testable import ExactArithmetic

/// The exact accumulator against big integers.
@Suite struct ExactSumTests {
    typealias Term = (Float, Float)

    static func sum(of terms: [Term], carryInterval: Int = 1 << 30) -> OddRounded {
        var sum = ExactSum(carryInterval: carryInterval)
        for (first, second) in terms { sum.add(Double(first), times: Double(second)) }
        return sum.rounded()
    }

    /// Checks the three roundings of a sum against the exact one.
    static func check(_ terms: [Term], sourceLocation: SourceLocation = #_sourceLocation) {
        let exact = terms.reduce(WideInteger()) { $0 + WideInteger($1.0, times: $1.1) }
        let rounded = sum(of: terms)
        #expect(exact.isNearest(rounded.nearest), "\(terms)", sourceLocation: sourceLocation)
        #expect(exact.isNearest(Float(rounded.odd)), "\(terms)", sourceLocation: sourceLocation)
        #expect(
            exact.isNegative || exact.isRoundedUp(rounded.floatRoundedUp), "\(terms)", sourceLocation: sourceLocation)
        #expect(sum(of: terms, carryInterval: 1) == rounded, "\(terms)", sourceLocation: sourceLocation)
        #expect(sum(of: terms, carryInterval: 3) == rounded, "\(terms)", sourceLocation: sourceLocation)
    }

    /// How the factors of a random sum are drawn.
    enum Family: CaseIterable {
        case anyBits, alike, manyBinades, subnormal, huge
    }

    @Test(arguments: Family.allCases)
    func randomSums(family: Family) {
        var random = RandomNumbers(seed: 1)
        for trial in 0..<250 {
            let terms: [Term] = (0..<trial % 25).map { _ in
                switch family {
                case .anyBits: (random.finite(), random.finite())
                case .alike: (random.real(), random.real())
                case .manyBinades: (random.real(exponents: -40...40), random.real(exponents: -40...40))
                case .subnormal: (random.real(exponents: -149 ... -120), random.real(exponents: -10...10))
                case .huge: (random.real(exponents: 120...127), random.real(exponents: -2...2))
                }
            }
            Self.check(terms)
        }
    }

    /// Every term is cancelled but one small one, in an order that is not that of the terms.
    @Test func cancellationLeavesWhatIsSmall() {
        var random = RandomNumbers(seed: 2)
        for _ in 0..<100 {
            let large = (0..<12).map { _ in (random.finite(), random.finite()) }
            let small = (random.finite(), random.finite())
            let terms = (large + large.map { ($0, -$1) } + [small]).shuffled(using: &random)
            #expect(Self.sum(of: terms) == Self.sum(of: [small]))
            Self.check(terms)
        }
    }

    @Test func exactZeroIsPositive() {
        for terms: [Term] in [
            [], [(0, 1)], [(-0.0, 1)], [(-0.0, 1), (-0.0, 1)], [(1, 1), (-1, 1)],
            [
                (.greatestFiniteMagnitude, -.greatestFiniteMagnitude),
                (.greatestFiniteMagnitude, .greatestFiniteMagnitude),
            ],
        ] {
            let sum = Self.sum(of: terms)
            #expect(sum.nearest == 0 && sum.nearest.sign == .plus)
            #expect(sum.float == 0 && sum.float.sign == .plus)
        }
    }

    /// Halfway between two float32, and the least bit above and below it, at every exponent.
    @Test func tiesGoToEven() {
        let least = Float.leastNonzeroMagnitude
        for exponent in stride(from: -148, through: 127, by: 5) {
            let one = Float(sign: .plus, exponent: exponent, significand: 1)
            for neighbour in [one, one.nextUp, one.nextDown] {
                let half: Term = (neighbour.ulp, 0.5)
                for sign: Float in [1, -1] {
                    let tie: [Term] = [(neighbour, sign), (half.0, half.1 * sign)]
                    Self.check(tie)
                    Self.check(tie + [(least, least)])
                    Self.check(tie + [(least, -least)])
                    #expect(Self.sum(of: tie).float.bitPattern & 1 == 0)
                }
            }
        }
    }

    /// Halfway between two float64: 1 + 2^-53, and the least bit above and below it.
    @Test func tiesOfFloat64GoToEven() {
        let tie: [Term] = [(1, 1), (0x1p-53, 1)]
        let least = Float.leastNonzeroMagnitude
        #expect(Self.sum(of: tie).nearest == 1)
        #expect(Self.sum(of: tie + [(least, least)]).nearest == 1.0.nextUp)
        #expect(Self.sum(of: tie + [(least, -least)]).nearest == 1)
        #expect(Self.sum(of: tie + [(0x1p-52, 1)]).nearest == 1.0.nextUp.nextUp)
        Self.check(tie + [(least, -least)])
    }

    /// Rounding to float64 first gives the tie 1 + 2^-24, and then 1: the sum lies above it.
    @Test func float32IsNotRoundedTwice() {
        let sum = Self.sum(of: [(1, 1), (0x1p-24, 1), (0x1p-40, 0x1p-40)])
        #expect(Float(sum.nearest) == 1)
        #expect(sum.float == Float(1).nextUp)
    }

    @Test func smallSumsRoundToSubnormals() {
        let least = Float.leastNonzeroMagnitude
        #expect(Self.sum(of: [(least, 1)]).float == least)
        #expect(Self.sum(of: [(least, 0.5)]).float == 0)
        #expect(Self.sum(of: [(least, 0.5), (least, least)]).float == least)
        #expect(Self.sum(of: [(least, 1.5)]).float == 2 * least)
        #expect(Self.sum(of: [(-least, 0.5), (-least, least)]).float == -least)
        #expect(Self.sum(of: [(least, least)]).nearest == 0x1p-298)
        #expect(Self.sum(of: [(least, least)]).floatRoundedUp == least)
        #expect(Self.sum(of: [(.leastNormalMagnitude, 1), (-least, 0.25)]).float == .leastNormalMagnitude)
    }

    @Test func largeSumsOverflowFloat32AndNotFloat64() {
        let greatest = Float.greatestFiniteMagnitude
        let halfUlp: Term = (greatest.ulp, 0.5)
        #expect(Self.sum(of: [(greatest, 1)]).float == greatest)
        #expect(Self.sum(of: [(greatest, 1), halfUlp]).float == .infinity)
        #expect(Self.sum(of: [(greatest, -1), (halfUlp.0, -halfUlp.1)]).float == -.infinity)
        #expect(Self.sum(of: [(greatest, 1), halfUlp, (-0x1p-149, 0x1p-149)]).float == greatest)
        #expect(Self.sum(of: [(greatest, 1), (1, 1)]).floatRoundedUp == .infinity)
        let square = Self.sum(of: [(greatest, greatest)])
        #expect(square.nearest == Double(greatest) * Double(greatest))
        #expect(square.float == .infinity)
    }

    @Test func manyLargeProductsDoNotOverflowTheDigits() {
        let greatest = Float.greatestFiniteMagnitude
        for carryInterval in [1, 1000, 1 << 30] {
            for sign: Float in [1, -1] {
                var sum = ExactSum(carryInterval: carryInterval)
                for _ in 0..<1 << 16 { sum.add(Double(greatest * sign), times: Double(greatest)) }
                #expect(sum.rounded().nearest == Double(greatest) * Double(greatest) * 0x1p16 * Double(sign))
            }
        }
    }

    /// Reading a sum does not change it, and a reset one is new.
    @Test func sumsGoOnAfterTheyAreRead() {
        var sum = ExactSum()
        sum.add(-3, times: 1)
        #expect(Float(sum.rounded().odd) == -3)
        sum.add(5, times: 0.25)
        #expect(Float(sum.rounded().odd) == -1.75)
        sum.add(.infinity, times: 1)
        #expect(Float(sum.rounded().odd) == .infinity)
        sum.reset()
        #expect(Float(sum.rounded().odd) == 0)
        sum.add(1, times: 0.5)
        #expect(Float(sum.rounded().odd) == 0.5)
    }

    @Test func nonFiniteTermsPropagate() {
        let infinite = Float.infinity
        let sums: [([Term], Float)] = [
            ([(infinite, 2), (1, 1)], infinite), ([(1, 1), (infinite, -2), (-1, 1)], -infinite),
            ([(infinite, 1), (infinite, 3)], infinite),
            ([(infinite, 0)], .nan), ([(infinite, 1), (-infinite, 1)], .nan), ([(.nan, 0), (1, 1)], .nan),
            ([(infinite, 1), (.nan, 1), (infinite, 1)], .nan), ([(.signalingNaN, 1)], .nan),
        ]
        for (terms, want) in sums {
            let sum = Self.sum(of: terms)
            #expect(sum.float == want || sum.float.isNaN && want.isNaN, "\(terms)")
            #expect(sum.nearest == Double(want) || sum.nearest.isNaN && want.isNaN, "\(terms)")
            #expect(sum.floatRoundedUp == want || sum.floatRoundedUp.isNaN && want.isNaN, "\(terms)")
        }
    }
}
