import Conformance
import Convolution
import RunRecord

/// A run made by hand: two engines, two suites, every cause, and text as unruly as an engine may send it.
enum RecordedRun {
    static let unruly = "bad \u{1B}[31mred\u{0} <b>\"q\" ]]> ##[error] e\u{301} 🙂\u{202E}\nsecond\u{2028}\u{FFFE}"

    static let problem = Problem(
        input: [2, 7, 9, 3], filter: [3, 2, 3, 6], biasCount: 6, strides: Extent(height: 2, width: 1),
        padding: .sameUpper)

    static let causes: [Cause] = [
        .stated(unruly), .wrongShape(got: [1, 2, 3, 4], want: [1, 2, 5, 6]), .acceptedInvalid(got: [1, 2, 3, 4]),
        .acceptedBeyondInput(got: [1, 1, 1, 1], empty: [1, 0, 1, 1]), .rejectedValid(unruly), .rejectedEmpty(""),
        .refused("no memory"), .undeclared(.negativePads), .overMemory(needed: 5 << 20, limit: 3 << 20),
        .interrupted(isBegun: true), .interrupted(isBegun: false), .failureLimit(3), .notReached,
        .shortage("no threads"), .damagedGolden("grid.h5"), .invalidGolden("no rows"), .precisionLost,
    ]

    static func engine(_ name: String, _ capabilities: Capabilities = Capabilities()) -> RunHeader.EngineIdentity {
        .init(name: name, version: "1 \(unruly)", specification: "cmd:\(name)", capabilities: capabilities)
    }

    /// A comparison with the given wrong elements, as a run makes it.
    static func comparison(_ offsets: [Int], got: Double = 3) throws -> Comparison {
        let geometry = try problem.geometry()
        let shape = geometry.outputShape
        func index(_ offset: Int) -> Shape {
            let (rest, f) = offset.quotientAndRemainder(dividingBy: shape[3])
            let (row, x) = rest.quotientAndRemainder(dividingBy: shape[2])
            return [row / shape[1], row % shape[1], x, f]
        }
        var location = MismatchLocation(in: AnswerRegion(geometry))
        for offset in offsets { location.insert(index(offset)) }
        var bits = [UInt8](repeating: 0, count: (shape.count + 7) / 8)
        for offset in offsets { bits[offset / 8] |= 1 << UInt8(offset % 8) }
        return Comparison(
            elements: shape.count, mismatched: offsets.count, ratio: .infinity, rms: 0.1 + 0.2, rmsLimit: .pi,
            worst: offsets.prefix(Comparison.worstKept).map {
                Mismatch(
                    kind: got.isFinite ? .value : .infinity, index: index($0), want: 0.1, got: got,
                    allowed: .leastNonzeroMagnitude, ratio: .infinity, ulp: got.isFinite ? 7 : nil)
            },
            location: location, mask: ElementMask(coding: .bits, bytes: bits, covered: shape.count))
    }

    static func record() throws -> RunRecord {
        let mine = engine("mine", Capabilities(inputLayouts: [.nchw, .nhwc], filterLayouts: [.oihw], tile: .one))
        let nchw = LayoutPair(.nchw, .oihw)
        func header(_ suite: String, _ name: String) -> CaseHeader {
            CaseHeader(
                suite: suite, name: name, problem: problem, data: .real, seed: .max, isDerived: true,
                tags: ["a", unruly], note: unruly, source: unruly)
        }
        var invalid = header("grid", "invalid")
        invalid.problem.padding = .explicit(Pads(top: .max, bottom: .min, left: -1, right: 0))
        invalid.problem.biasCount = nil
        invalid.expectation = .rejection
        var results = [
            CaseResult(
                engine: "other", header: header("grid", "a"),
                verdict: Verdict(
                    .pass, remark: unruly, comparison: Comparison(elements: 432, mismatched: 0, ratio: 0.3))),
            CaseResult(engine: "other", header: invalid, verdict: Verdict(.pass)),
        ]
        var computed = Verdict(.fail, .mismatch, comparison: try comparison([8, 9, 17, 431]))
        computed.computation = Computation(
            algorithm: .winograd, tile: Extent(height: 4, width: 2), arithmetic: .tf32, implementation: unruly)
        computed.comparison?.met = [1, 2]
        computed.comparison?.spread = 4
        let infinite = Verdict(.fail, .misplacedNonFinite, comparison: try comparison([0], got: -.infinity))
        for (place, verdict) in [computed, infinite].enumerated() {
            results.append(
                CaseResult(
                    engine: "mine", header: header("grid", "a"), layouts: place == 0 ? nchw : LayoutPair(.nhwc, .oihw),
                    isPreferredLayout: place == 0, verdict: verdict, seconds: 0.1,
                    answer: KeptAnswer(AnyTensor(vector: [Float(0.1), -0.0, .infinity]))))
        }
        for (place, cause) in causes.enumerated() {
            let statuses: [Status] = [.fail, .unsupported, .error, .crash, .timeout, .missing]
            var verdict = Verdict(statuses[place % statuses.count], cause)
            if cause == .precisionLost {
                verdict.comparison = Comparison(elements: 432, mismatched: 0, ratio: 2, rms: 4, rmsLimit: 2)
            }
            results.append(
                CaseResult(engine: "mine", header: header("numerics/x", "\(place)"), layouts: nchw, verdict: verdict))
        }
        var summary = RunSummary()
        for result in results { summary.count(result) }
        summary.damage = ["grid.h5: \(unruly)"]
        summary.shortage = "no threads"
        summary.isInterrupted = true
        summary.seconds = 4.21
        var head = RunHeader(
            engines: [engine("other"), mine],
            suites: [.init(name: "grid", cases: 2, digest: "12ab"), .init(name: "numerics/x", cases: causes.count)],
            planned: results.count, suiteDigest: "cd", tolerance: .bound(0.1), repeatArguments: ["--golden", unruly])
        head.tool = .init(program: ".build/debug/convcheck", version: "0.2.0")
        head.layouts = .all
        head.selection = ["--suite", "grid"]
        head.shard = .init(index: 2, count: 3, cases: 19)
        let relations: [Condition.Relation] = [
            .equals(1), .atLeast(-2), .atMost(3), .isMultiple(of: 4), .isNoMultiple(of: 5), .holds, .holdsNot,
        ]
        let rule = Rule(
            conditions: relations.map { Condition("channels", $0) }, failing: 1, allFailing: 2, passing: 0,
            allPassing: 5)
        let finding = Finding(
            engine: "mine", candidates: [.init(name: "n", summary: unruly, source: "p#1")], cases: ["grid/a"],
            allFailing: 18, smallest: "grid/a", spared: 3, rule: rule)
        return RunRecord(header: head, results: results, findings: [finding], summary: summary)
    }
}
