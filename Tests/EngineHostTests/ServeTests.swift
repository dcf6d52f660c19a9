import Conformance
import Convolution
import EngineHost
import Testing
import _TestSupport

/// A Swift engine in a child process.
struct ServeTests {
    static let layouts = ActivationLayout.allCases.flatMap { activation in
        FilterLayout.allCases.map { LayoutPair(activation, $0) }
    }

    @Test func `A served engine declares what it is`() throws {
        let engine = try CommandEngine.quick(.served())
        #expect(engine.name == "textbook")
        #expect(engine.version == "1.5")
        #expect(
            engine.capabilities
                == Capabilities(
                    inputLayouts: ActivationLayout.allCases, filterLayouts: FilterLayout.allCases, groups: false,
                    negativePads: true, arithmetic: .bfloat16))
    }

    @Test(arguments: layouts)
    func `It computes in every layout, whatever it prints`(_ layouts: LayoutPair) throws {
        let lines = Lines()
        let session = try CommandEngine.session(.served(), lines: lines)
        let problem = Problem(
            input: [2, 5, 7, 3], filter: [2, 3, 3, 4], biasCount: 4, strides: Extent(height: 2, width: 1),
            padding: .explicit(Pads(top: 1, bottom: 0, left: 2, right: 3)))
        let request = Requests.counting(problem, layouts: layouts)
        for _ in 0..<2 {
            let output = try #require(session.answer(request).output)
            #expect(output.order == layouts.activation.order)
            #expect(output.reordered(to: .logical) == expected(request))
        }
        #expect(lines.all.contains { $0.hasPrefix("computing input 2x5x7x3") })
    }

    @Test func `It says how it computed an output`() throws {
        let session = try CommandEngine.session(.served())
        let problem = Problem(input: [1, 4, 4, 2], filter: [2, 2, 2, 2], strides: Extent(height: 1, width: 2))
        guard case .output(_, let computation) = session.answer(Requests.counting(problem)) else {
            Issue.record("there is no output")
            return
        }
        #expect(
            computation
                == Computation(
                    algorithm: .winograd, tile: Extent(height: 2, width: 6), arithmetic: .float32,
                    implementation: "textbook, stride 1x2"))
    }

    @Test func `Its refusals and failures are told apart`() throws {
        let session = try CommandEngine.session(.served())
        var problem = Problem(input: [1, 4, 4, 2], filter: [2, 2, 1, 2], groups: 2)
        #expect(session.answer(Requests.counting(problem)).words == ("unsupported", "no groups today"))
        problem.groups = 0
        let rejected = session.answer(Requests.counting(problem)).words
        #expect(rejected == ("rejected", "groups is 0, expected at least 1"))
        let dilated = Problem(input: [1, 4, 4, 2], filter: [2, 2, 2, 2], dilations: Extent(height: 2, width: 2))
        #expect(session.answer(Requests.counting(dilated)).words == ("error", "dilations overheat it"))
        let strided = Problem(input: [1, 9, 4, 2], filter: [2, 2, 2, 2], strides: Extent(height: 7, width: 1))
        #expect(session.answer(Requests.counting(strided)).words == ("refused", "no room for a stride of 7"))
    }

    @Test(arguments: [
        (#"garbage\n"#, ["'garbage'", "not JSON", "a greeting"]),
        (#"{"type":"hello","protocol":9}\n"#, [#""protocol":9"#, "protocol 1"]),
        (#"{"type":"hello","protocol":1}\n{"type":"walk","id":1}\n"#, ["'problem' is missing"]),
        (#"{"type":"hello","protocol":1}\n{"type"#, ["within a line"]),
    ])
    func `What it cannot understand ends it`(_ said: String, _ says: [String]) throws {
        let engine = try EngineCommand.served().words[0]
        // Its output, a greeting perhaps, goes nowhere: what it says of its end is on standard error.
        let script = #"printf "$1" | "$0" >/dev/null; exit "$?""#
        let error = #expect(throws: EngineStartError.self) {
            try CommandEngine.quick(EngineCommand(words: ["/bin/sh", "-c", script, engine, said]))
        }
        for words in ["exited with status 70"] + says {
            #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
        }
    }

    private func expected(_ request: EngineRequest) -> Tensor<Float> {
        guard let geometry = try? request.problem.geometry() else { return Tensor(repeating: 0, shape: [0, 0, 0, 0]) }
        return Tensor(shape: geometry.outputShape) { n, y, x, f in
            var sum = request.bias?[f] ?? 0
            for row in 0..<geometry.kernelHeight {
                for column in 0..<geometry.kernelWidth {
                    for c in 0..<geometry.channels {
                        let at = (2 * y + row - 1, x + column - 2)
                        guard at.0 >= 0, at.0 < 5, at.1 >= 0, at.1 < 7 else { continue }
                        sum += request.input[n, at.0, at.1, c] * request.filter[row, column, c, f]
                    }
                }
            }
            return sum
        }
    }
}
