import Testing

@testable import Conformance

/// Engines that choose their algorithm by the problem. Nothing but `Conformance` is imported, as an engine's author does.
@Suite struct ComputationTests {
    struct Chooser: Engine {
        var computation = Computation()

        func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
            -> Tensor<Float>
        {
            if input.elements[0] == 2 { throw EngineRefusal.refused("out of memory") }
            return Tensor(shape: try problem.geometry().outputShape, order: input.order) { n, y, x, f in
                input[n, y, x, f] * (1 + 0x1p-21)
            }
        }

        func computation(of problem: Problem) -> Computation { computation }
    }

    private func verdict(_ computation: Computation, declared: Capabilities = Capabilities()) -> Verdict {
        let golden = Fixture.identity([1, 0.5, 0.25])
        let answer = EngineAnswer(of: Chooser(computation: computation), to: golden.request())
        return Judge().verdict(on: answer, to: golden, capabilities: declared)
    }

    /// An error of 8 u M is too much for sums of products in float32, and little for others.
    @Test func anAnswerIsJudgedByWhatComputedIt() {
        #expect(verdict(Computation()).status == .fail)
        #expect(verdict(Computation(arithmetic: .tf32)).status == .pass)
        #expect(verdict(Computation(algorithm: .fft)).status == .pass)
        let coarse = Capabilities(algorithm: .transform, arithmetic: .bfloat16)
        #expect(verdict(Computation(), declared: coarse).status == .pass)
        #expect(verdict(Computation(algorithm: .direct), declared: coarse).status == .pass)
        #expect(verdict(Computation(algorithm: .direct, arithmetic: .float32), declared: coarse).status == .fail)
    }

    @Test func theVerdictSaysWhatComputedIt() {
        let computation = Computation(arithmetic: .tf32, implementation: "sgemm_tf32")
        #expect(verdict(computation).computation == computation)
        #expect(verdict(Computation()).computation == nil)
    }

    @Test func aTileBelongsToItsAlgorithm() {
        let tile = Extent(height: 4, width: 4)
        let declared = Capabilities(algorithm: .winograd, tile: tile)
        #expect(declared.specialized(by: Computation(), for: .float32).tile == tile)
        #expect(declared.specialized(by: Computation(algorithm: .winograd), for: .float32).tile == tile)
        #expect(declared.specialized(by: Computation(algorithm: .transform), for: .float32).tile == nil)
        let other = Extent(height: 2, width: 6)
        #expect(declared.specialized(by: Computation(tile: other), for: .float32).tile == other)
    }

    @Test func aRefusalIsAnAnswer() {
        guard case .refused("out of memory") = EngineAnswer(of: Chooser(), to: Fixture.identity([2]).request()) else {
            Issue.record("the refusal is lost")
            return
        }
    }
}
