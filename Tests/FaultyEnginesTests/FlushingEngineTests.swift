import Conformance
import Convolution
import Testing

@testable import FaultyEngines

@Suite struct FlushingEngineTests {
    private static let small = Float.leastNormalMagnitude / 4

    /// One product and a bias: input x filter + bias.
    private func answer(_ places: Set<FlushingEngine.Place>, _ input: Float, _ filter: Float, _ bias: Float) throws
        -> Float
    {
        try FlushingEngine(places).convolve(
            Problem(input: [1, 1, 1, 1], filter: [1, 1, 1, 1], biasCount: 1),
            input: Tensor(repeating: input, shape: [1, 1, 1, 1]),
            filter: Tensor(repeating: filter, shape: [1, 1, 1, 1]), bias: [bias]
        ).elements[0]
    }

    @Test func eachFlushesWhatItSays() throws {
        let small = Self.small
        #expect(try answer([], small, 8, 0) == 8 * small)
        #expect(try answer([.input], small, 8, 0) == 0)
        #expect(try answer([.input], 8, small, small) == 9 * small)
        #expect(try answer([.filter], 8, small, 0) == 0)
        #expect(try answer([.filter], small, 8, small) == 9 * small)
        #expect(try answer([.bias], small, 8, small) == 8 * small)
        #expect(try answer([.products], 0.5, 2 * small, 8 * small) == 8 * small)
        #expect(try answer([.output], 1, small, small) == 0)
        #expect(try answer([.output], 1, small, 8 * small) == 9 * small)
        #expect(try answer(Set(FlushingEngine.Place.allCases), small, 8, 8 * small) == 8 * small)
    }

    @Test func normalNumbersAreNeverChanged() throws {
        for place in FlushingEngine.Place.allCases { #expect(try answer([place], 3, 0.5, -2) == -0.5) }
    }

    @Test func registeredUnderTheirNames() {
        let names = EngineRegistry.flushingEngines.names
        #expect(names.count == FlushingEngine.Place.allCases.count + 2)
        #expect(names.contains("flushed-bias") && names.contains("flushed-everywhere"))
    }
}
