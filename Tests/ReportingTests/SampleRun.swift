import Conformance
import Convolution
import Reporting

/// A run made by hand: two engines, two suites, every status, both layouts, and text as unruly as an engine may send it.
enum SampleRun {
    static let unruly = "bad \u{1B}[31mred\u{0} <b>&\"quotes\" | `ticks` ]]> 🙂 @someone\nsecond line\u{FFFE}"

    static let header = RunHeader(
        engines: [
            .init(name: "direct", version: "0.1.0", specification: "direct", capabilities: Capabilities()),
            .init(
                name: "mine", version: "2 <beta>", specification: "cmd:python3 my engine.py --it's",
                capabilities: Capabilities(inputLayouts: [.nchw, .nhwc], filterLayouts: [.oihw], groups: false)),
        ],
        suites: [.init(name: "grid", cases: 3, digest: "89ab"), .init(name: "numerics", cases: 7)], planned: 15,
        suiteDigest: "sha256:0123456789abcdef", repeatArguments: ["--golden", "my goldens"])

    /// 2x7x9x3 with kernels 3x2, stride 2x1, SAME_UPPER: output 2x4x9x6, padded at the top, the bottom and the right.
    static let problem = Problem(
        input: [2, 7, 9, 3], filter: [3, 2, 3, 6], strides: Extent(height: 2, width: 1), padding: .sameUpper)

    static func header(
        _ suite: String, _ name: String, problem: Problem = problem, data: CaseHeader.DataFamily = .integer,
        note: String = "", source: String? = nil, expectation: CaseHeader.Expectation = .output
    ) -> CaseHeader {
        CaseHeader(
            suite: suite, name: name, problem: problem, data: data, expectation: expectation, note: note,
            source: source)
    }

    /// An answer that is wrong at the given elements, in which 4 is wanted.
    static func comparison(
        of problem: Problem = problem, got: Double = 3, allowed: Double = 0, wrongAt isWrong: (Shape) -> Bool
    ) throws -> Comparison {
        let geometry = try problem.geometry()
        var location = MismatchLocation(in: AnswerRegion(geometry))
        var worst: [Mismatch] = []
        let shape = geometry.outputShape
        var bits = [UInt8](repeating: 0, count: (shape.count + 7) / 8)
        for n in 0..<shape[0] {
            for y in 0..<shape[1] {
                for x in 0..<shape[2] {
                    for f in 0..<shape[3] where isWrong([n, y, x, f]) {
                        location.insert([n, y, x, f])
                        let offset = ((n * shape[1] + y) * shape[2] + x) * shape[3] + f
                        bits[offset / 8] |= 1 << UInt8(offset % 8)
                        let kind: Mismatch.Kind = got.isNaN ? .unexpectedNaN : got.isInfinite ? .infinity : .value
                        let error = abs(got - 4)
                        worst.append(
                            Mismatch(
                                kind: kind, index: [n, y, x, f], want: 4, got: got, allowed: allowed,
                                ratio: error.isFinite && allowed > 0 ? error / allowed : .infinity,
                                ulp: got.isFinite ? 4_194_304 : nil))
                    }
                }
            }
        }
        return Comparison(
            elements: shape.count, mismatched: location.total, ratio: worst.isEmpty ? 0 : worst[0].ratio,
            worst: Array(worst.prefix(Comparison.worstKept)), location: worst.isEmpty ? nil : location,
            mask: worst.isEmpty ? nil : ElementMask(coding: .bits, bytes: bits, covered: shape.count))
    }

    static func fail(_ comparison: Comparison) -> Verdict {
        Verdict(.fail, .mismatch, comparison: comparison)
    }

    static func results() throws -> [CaseResult] {
        let grouped = Problem(input: [1, 5, 6, 4], filter: [2, 2, 1, 8], biasCount: 8, groups: 4)
        let refused = Problem(input: [1, 5, 6, 4], filter: [2, 2, 3, 8])
        let pass = Verdict(
            .pass, comparison: Comparison(elements: 432, mismatched: 0, ratio: 0.25, rms: 0.5, rmsLimit: 2))
        let nchw = LayoutPair(.nchw, .oihw)
        let nhwc = LayoutPair(.nhwc, .oihw)
        let edge = header(
            "grid", "b2-c3-f6-k3x2-s2x1-same_upper-int", note: "SAME pads on the wrong side",
            source: "https://example.org/issues/1")
        let group = header("grid", "b1-c4-f8-k2x2-groups4-int", problem: grouped, note: "groups interleaved")
        let invalid = header("grid", "filter-channels", problem: refused, expectation: .rejection)
        func direct(_ header: CaseHeader, _ verdict: Verdict) -> CaseResult {
            CaseResult(engine: "direct", header: header, verdict: verdict, seconds: 0.000_25)
        }
        func mine(_ header: CaseHeader, _ verdict: Verdict, _ layouts: LayoutPair) -> CaseResult {
            CaseResult(
                engine: "mine", header: header, layouts: layouts, isPreferredLayout: layouts == nchw,
                verdict: verdict, seconds: 0.5)
        }
        func real(_ name: String) -> CaseHeader { header("numerics", name, data: .real) }
        return [
            direct(edge, pass), direct(group, pass), direct(invalid, Verdict(.pass)), direct(real("one-sign"), pass),
            mine(edge, fail(try comparison { $0[2] == 8 }), nchw),
            mine(edge, fail(try comparison(got: .nan) { $0[1] == 0 && $0[3] > 3 }), nhwc),
            mine(group, fail(try comparison(of: grouped) { $0[3] >= 4 }), nchw),
            mine(invalid, Verdict(.unsupported, reason: "the engine declares that it takes no groups"), nchw),
            mine(real("one-sign"), fail(try comparison(got: -.infinity, allowed: 1e-5) { _ in true }), nchw),
            mine(
                real("shape"),
                Verdict(.fail, reason: "wrong output shape 2x3x9x6, expected 2x4x9x6: height is 3, expected 4"), nchw),
            mine(real("error"), Verdict(.error, reason: unruly), nchw),
            mine(real("crash"), Verdict(.crash, reason: "the process ended with signal 11"), nchw),
            mine(real("slow"), Verdict(.timeout, reason: "no answer within 60 s"), nchw),
            mine(real("lost"), Verdict(.missing, reason: "not run: the run was interrupted"), nchw),
            mine(real("lost-too"), Verdict(.missing, reason: "not run: the run was interrupted"), nchw),
        ]
    }

    static func summary(of results: [CaseResult]) -> RunSummary {
        var summary = RunSummary()
        for result in results {
            summary.count(result)
        }
        summary.seconds = 4.21
        return summary
    }

    static func events() throws -> [Event] {
        let results = try results()
        return [.started(header)] + results.map(Event.finished) + [.ended(summary(of: results))]
    }
}

/// What a reporter writes when it is given events.
func report(_ events: [Event], by makeReporter: (@escaping (String) -> Void) -> any Reporter) -> String {
    var text = ""
    let reporter = makeReporter { text += $0 }
    events.forEach(reporter.receive)
    return text
}
