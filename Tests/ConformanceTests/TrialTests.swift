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

    @Test(arguments: [CaseHeader.DataFamily.integer, .real], [Tolerance.derived, .ulp(2), .absolute(0.01)])
    func inBriefSaysTheSameOfWhetherAndHowFar(data: CaseHeader.DataFamily, tolerance: Tolerance) {
        let wanted = (0..<4_200).map { Double($0 % 7 + 1) }
        let golden = Fixture.identity(wanted, magnitude: 8, data: data)
        var brief = Judge(tolerance: tolerance)
        brief.isBrief = true
        let wrong: [[Int: Float]] = [
            [:], [0: 1.0000001], [4_199: 2.5], [4_096: 99, 17: 1.5], [4_095: .nan], [3: 7, 4_100: .infinity],
            Dictionary(uniqueKeysWithValues: (0..<4_200).map { ($0, Float(wanted[$0]) * 1.0000005) }),
            Dictionary(uniqueKeysWithValues: (0..<4_200).map { ($0, Float(wanted[$0]) * -2) }),
        ]
        for (wrong, algorithm) in wrong.flatMap({ wrong in
            [Capabilities.Algorithm.direct, .winograd, .fft].map { (wrong, $0) }
        }) {
            let got = wanted.indices.map { wrong[$0] ?? Float(wanted[$0]) }
            let answer = EngineAnswer.output(.float32(Tensor(shape: [1, 1, got.count, 1], elements: got)))
            let capabilities = Capabilities(algorithm: algorithm)
            let full = Trial(golden, judge: Judge(tolerance: tolerance)).verdict(on: answer, capabilities: capabilities)
            let short = Trial(golden, judge: brief).verdict(on: answer, capabilities: capabilities)
            #expect(short.status == full.status)
            #expect(short.comparison?.ratio == full.comparison?.ratio)
            if full.comparison?.ratio != .infinity {
                #expect(short.comparison?.rms == full.comparison?.rms)
                #expect(short.comparison?.mismatched == full.comparison?.mismatched)
            }
            #expect(short.comparison?.location == nil && short.comparison?.worst.isEmpty == true)
        }
    }
}
