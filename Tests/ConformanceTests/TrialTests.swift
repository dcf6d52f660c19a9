import Convolution
import Testing

@testable import Conformance

@Suite struct TrialTests {
    private struct Doubling: Engine {
        var capabilities: Capabilities {
            Capabilities(inputLayouts: [.nhwc, .nchw], filterLayouts: [.hwio])
        }

        func convolve(
            _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
        ) throws -> Tensor<Float> {
            if input.order == ActivationLayout.nchw.order { throw EngineRefusal.unsupported("planes") }
            return input.map { 2 * $0 }
        }
    }

    private let planes = LayoutPair(.nchw, .hwio)

    @Test func givesTheTensorsInTheLayoutsThatAreWanted() {
        var trial = Trial(Fixture.identity([1, 2, 3]))
        #expect(trial.request(in: planes).operands[.input]?.order == ActivationLayout.nchw.order)
        #expect(trial.request(in: .golden).operands[.input]?.order == .logical)
        #expect(trial.request(in: planes).layouts == planes)
    }

    @Test func judgesAnEngineOnThisThread() {
        var trial = Trial(Fixture.identity([1, 2, 3]))
        #expect(trial.verdict(on: Doubling(), in: .golden).comparison?.mismatched == 3)
        #expect(trial.verdict(on: Doubling(), in: planes).status == .unsupported)
        var zeros = Trial(Fixture.identity([0, 0]))
        #expect(zeros.verdict(on: Doubling(), in: .golden).status == .pass)
    }

    @Test func judgesAnEngineInASession() throws {
        let engine = try InProcessEngine(name: "doubling") { Doubling() }
        let session = try engine.openSession()
        var trial = Trial(Fixture.identity([1, 2, 3]))
        let result = trial.result(of: session, capabilities: engine.capabilities, in: .golden)
        #expect(result.verdict.status == .fail)
        #expect(result.verdict.comparison?.mismatched == 3)
        guard case .output(let output, _) = result.answer else {
            Issue.record("no output: \(result.answer)")
            return
        }
        #expect(output.doubles.elements == [2, 4, 6])
        #expect(result.seconds > 0)
    }

    @Test func hasTheToleranceOfItsJudge() {
        let golden = Fixture.identity([1, 2, 3])
        let near = EngineAnswer.output(.float32(Tensor(shape: [1, 1, 3, 1], elements: [1, 2, 3.5])))
        let strict = Trial(golden).verdict(on: near, capabilities: Capabilities())
        let lax = Trial(golden, judge: Judge(tolerance: .absolute(1))).verdict(on: near, capabilities: Capabilities())
        #expect((strict.status, lax.status) == (.fail, .pass))
    }
}
