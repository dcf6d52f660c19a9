import Testing

@testable import Conformance

@Suite struct SplitMix64Tests {
    /// Published outputs for the seed 1234567 (Rosetta Code, "Pseudo-random numbers/Splitmix64").
    @Test func theOutputsAreThePublishedOnes() {
        let numbers = SplitMix64(seed: 1_234_567)
        let published: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect((0..<5).map { numbers[UInt64($0)] } == published)
    }

    @Test func wholeNumbersFillTheirBound() {
        let numbers = Draw(bound: 3).elements(count: 1000, stream: .input, seed: 42)
        #expect(Set(numbers) == [-3, -2, -1, 0, 1, 2, 3])
    }

    @Test func realsLieOnTheirGridWithMixedSigns() {
        let numbers = Draw(bound: nil).elements(count: 1000, stream: .filter, seed: 42)
        #expect(numbers.allSatisfy { $0 >= -1 && $0 < 1 && ($0 * 0x1p23).rounded() == $0 * 0x1p23 })
        #expect((400...600).contains(numbers.count { $0 < 0 }))
        #expect(Set(numbers).count == 1000)
    }

    @Test func streamsDiffer() {
        let draws = [Draw.Stream.input, .filter, .bias].map {
            Draw(bound: nil).elements(count: 4, stream: $0, seed: 42)
        }
        #expect(Set(draws).count == 3)
    }
}
