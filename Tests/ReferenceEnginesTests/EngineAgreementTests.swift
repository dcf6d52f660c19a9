import Conformance
import Convolution
import ReferenceEngines
import Testing
import _TestSupport

/// The engines against each other, on random geometries, in all eight pairs of layouts.
@Suite struct EngineAgreement {
    @Test(arguments: BuiltInEngine.allCases)
    func integersAreEqualBitForBit(engine: BuiltInEngine) throws {
        var random = RandomNumbers(seed: 5)
        for _ in 0..<60 {
            let call = Call(.random(using: &random)) { random.integer(100) }
            let want = byDefinition(call)
            for layouts in Call.layouts {
                let got = try call.output(of: engine.engine, in: layouts)
                #expect(got.reordered(to: .logical) == want, "\(call.problem) \(layouts)")
            }
        }
    }

    /// More products to an element than any block of a matrix product holds.
    @Test(arguments: BuiltInEngine.allCases)
    func longSumsAreEqualBitForBit(engine: BuiltInEngine) throws {
        var random = RandomNumbers(seed: 13)
        for problem in [
            Problem(input: [1, 2, 3, 600], filter: [1, 1, 300, 6], groups: 2),
            Problem(input: [2, 3, 130, 1], filter: [2, 129, 1, 3]),
        ] {
            let call = Call(problem) { random.integer(100) }
            #expect(try call.output(of: engine.engine) == byDefinition(call), "\(problem)")
        }
    }

    @Test(arguments: BuiltInEngine.allCases)
    func realsAreWithinTheTolerance(engine: BuiltInEngine) throws {
        var random = RandomNumbers(seed: 6)
        for _ in 0..<60 {
            let call = Call(.random(using: &random)) { random.real() }
            let golden = try call.exactGolden(.real)
            for layouts in Call.layouts {
                let got = try call.output(of: engine.engine, in: layouts)
                let verdict = Judge().verdict(
                    on: .output(got), to: golden, capabilities: engine.engine.capabilities)
                #expect(verdict.status == .pass, "\(call.problem) \(layouts): \(verdict)")
            }
        }
    }

    @Test(arguments: BuiltInEngine.allCases)
    func outputLiesAsTheInputDoes(engine: BuiltInEngine) throws {
        var random = RandomNumbers(seed: 7)
        let call = Call(.random(using: &random)) { random.integer(9) }
        for layouts in Call.layouts {
            #expect(try call.output(of: engine.engine, in: layouts).order == layouts.activation.order)
            #expect(engine.engine.capabilities.layouts.contains(layouts))
        }
    }

    @Test func theyAreRegisteredByName() throws {
        for engine in BuiltInEngine.allCases {
            let entry = try #require(EngineRegistry.builtIn[engine.rawValue])
            let session = try entry.start().openSession()
            var random = RandomNumbers(seed: 8)
            let call = Call(.random(using: &random)) { random.integer(9) }
            let request = call.golden(.integer, output: nil).request()
            guard case .output(let output, _) = session.answer(to: request, within: .seconds(60)) else {
                Issue.record("\(entry.name) gave no output")
                continue
            }
            #expect(output == .float32(byDefinition(call)))
        }
    }

    /// The sum as `Problem` writes it, with a padded input instead of bounds; exact for small integers.
    private func byDefinition(_ call: Call) -> Tensor<Float> {
        let problem = call.problem
        let pads = problem.pads
        let padded = Tensor<Float>(
            shape: [
                problem.input[0], problem.input[1] + pads.top + pads.bottom,
                problem.input[2] + pads.left + pads.right, problem.input[3],
            ]
        ) { n, y, x, c in
            let (row, column) = (y - pads.top, x - pads.left)
            let isInside = (0..<problem.input[1]).contains(row) && (0..<problem.input[2]).contains(column)
            return isInside ? call.input[n, row, column, c] : 0
        }
        let (kernel, depth) = ((problem.filter[0], problem.filter[1]), problem.filter[2])
        let rows = (padded.shape[1] - (kernel.0 - 1) * problem.dilations.height - 1) / problem.strides.height + 1
        let columns = (padded.shape[2] - (kernel.1 - 1) * problem.dilations.width - 1) / problem.strides.width + 1
        return Tensor(shape: [problem.input[0], rows, columns, problem.filter[3]]) { n, y, x, f in
            let group = f / (problem.filter[3] / problem.groups)
            var sum = Int(call.bias?[f] ?? 0)
            for ky in 0..<kernel.0 {
                for kx in 0..<kernel.1 {
                    for c in 0..<depth {
                        let row = y * problem.strides.height + ky * problem.dilations.height
                        let column = x * problem.strides.width + kx * problem.dilations.width
                        sum += Int(padded[n, row, column, group * depth + c]) * Int(call.filter[ky, kx, c, f])
                    }
                }
            }
            return Float(sum)
        }
    }
}
