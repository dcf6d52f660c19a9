import Conformance
import Convolution
import ReferenceEngines
import Testing
import _TestSupport

/// The engines that work in a transformed domain, as arguments of tests.
enum TransformEngine: String, CaseIterable {
    case winograd2, winograd4, fft

    var engine: any Engine {
        switch self {
        case .winograd2: WinogradEngine(outputTile: .twoByTwo)
        case .winograd4: WinogradEngine(outputTile: .fourByFour)
        case .fft: FFTEngine()
        }
    }

    /// A random problem that the engine takes.
    func problem(using random: inout RandomNumbers) -> Problem {
        while true {
            var problem = Problem.random(using: &random)
            if self != .fft {
                (problem.filter[0], problem.filter[1]) = (3, 3)
                (problem.strides, problem.dilations) = (.one, .one)
            }
            if (try? problem.geometry()) != nil { return problem }
        }
    }
}

@Suite struct TransformEngines {
    /// In every layout: within the tolerance, and with a margin of three.
    @Test(arguments: TransformEngine.allCases)
    func randomProblemsAreRightInEveryLayout(engine: TransformEngine) throws {
        var random = RandomNumbers(seed: 36)
        let draws: [(inout RandomNumbers) -> Float] = [
            { $0.real() }, { abs($0.real()) }, { $0.real(exponents: -15...15) }, { 1 + 0x1p-10 * $0.real() },
        ]
        for number in 0..<60 {
            let call = Call(engine.problem(using: &random)) { draws[number % draws.count](&random) }
            let golden = try call.exactGolden(.real)
            for layouts in Call.layouts {
                let got = try call.output(of: engine.engine, in: layouts)
                #expect(got.order == layouts.activation.order)
                let verdict = Judge().verdict(
                    on: .output(got), to: golden, capabilities: engine.engine.capabilities)
                #expect(verdict.status == .pass, "\(call.problem) \(layouts): \(verdict)")
                #expect(try #require(verdict.comparison).ratio < 1.0 / 3, "\(call.problem) \(layouts)")
            }
        }
    }

    @Test(arguments: TransformEngine.allCases)
    func invalidProblemsAreRejected(engine: TransformEngine) throws {
        let call = Call(Problem(input: [1, 4, 4, 2], filter: [3, 3, 2, 2])) { 1 }
        _ = try call.output(of: engine.engine)
        let changes: [(inout Problem) -> Void] = [
            { $0.groups = 2 }, { $0.strides.width = 0 }, { $0.dilations.height = 2 }, { $0.biasCount = 2 },
            { $0.input = [1, 4, 5, 2] }, { $0.filter = [5, 5, 2, 2] },
        ]
        for change in changes {
            var changed = call
            change(&changed.problem)
            #expect(throws: InvalidProblem.self, "\(changed.problem)") { try changed.output(of: engine.engine) }
        }
    }

    @Test(arguments: TransformEngine.allCases)
    func degenerateProblemsHaveTheirOutput(engine: TransformEngine) throws {
        func output(_ problem: Problem, bias: [Float]? = nil) throws -> Tensor<Float> {
            var call = Call(problem) { 1 }
            (call.bias, call.problem.biasCount) = (bias, bias?.count)
            return try call.output(of: engine.engine)
        }
        #expect(try output(Problem(input: [0, 5, 4, 2], filter: [3, 3, 2, 3])).shape == [0, 3, 2, 3])
        #expect(try output(Problem(input: [1, 4, 3, 2], filter: [3, 3, 2, 0])).shape == [1, 2, 1, 0])
        let empty = Problem(input: [1, 4, 3, 0], filter: [3, 3, 0, 2])
        #expect(try output(empty, bias: [2, 3]).elements == [2, 3, 2, 3])
        let padding = Padding.explicit(Pads(top: 2, bottom: 1, left: 0, right: 0))
        let padded = Problem(input: [1, 0, 3, 2], filter: [3, 3, 2, 2], padding: padding)
        #expect(try output(padded, bias: [3, -4]).elements == [3, -4])
        let huge = Problem(input: [1 << 62, 0, 1 << 62, 1], filter: [3, 3, 1, 2], padding: .sameUpper)
        let nothing = try output(huge)
        #expect(nothing.shape == [1 << 62, 0, 1 << 62, 2])
        let golden = try Call(huge) { 1 }.exactGolden(.real)
        let verdict = Judge().verdict(on: .output(nothing), to: golden, capabilities: engine.engine.capabilities)
        #expect(verdict.status == .pass)
    }

    /// A transform spreads what it cannot hold, over its own outputs only, and loses none of it.
    @Test(arguments: TransformEngine.allCases)
    func numbersThatItCannotHoldAreSpreadAndJudged(engine: TransformEngine) throws {
        var random = RandomNumbers(seed: 41)
        let call = Call(Problem(input: [2, 9, 11, 2], filter: [3, 3, 2, 2], padding: .sameUpper)) { random.real() }
        func verdict(_ change: (inout Call) -> Void) throws -> Verdict {
            var changed = call
            change(&changed)
            return Judge().verdict(
                on: .output(try changed.output(of: engine.engine)), to: try changed.exactGolden(.special),
                capabilities: engine.engine.capabilities)
        }
        for number in [Float.nan, .infinity, -.infinity, 3e38] {
            for verdict in [
                try verdict { $0.input[1, 4, 5, 0] = number }, try verdict { $0.filter[1, 0, 1, 1] = number },
                try verdict { ($0.input[0, 8, 10, 1], $0.input[1, 0, 0, 0]) = (number, -number) },
            ] {
                #expect(verdict.status == .pass, "\(number): \(verdict)")
            }
        }
    }

    @Test(arguments: TransformEngine.allCases)
    func aBiasIsNotTransformed(engine: TransformEngine) throws {
        let call = Call(Problem(input: [1, 4, 4, 2], filter: [3, 3, 2, 2], biasCount: 2)) { 1 }
        var biased = call
        biased.bias = [.nan, .infinity]
        let output = try biased.output(of: engine.engine)
        #expect((0..<4).allSatisfy { output.elements[2 * $0].isNaN && output.elements[2 * $0 + 1] == .infinity })
    }
}
