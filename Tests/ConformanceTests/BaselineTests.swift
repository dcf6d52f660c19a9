import Conformance
import Convolution
import Testing

struct BaselineTests {
    private func error(_ text: String) -> String {
        do throws(BaselineError) {
            _ = try BaselineFile(text, name: "known.txt")
            return "it was read"
        } catch {
            return error.description
        }
    }

    private func result(
        _ name: String, _ status: Status, engine: String = "mine", layouts: LayoutPair = .golden
    ) -> CaseResult {
        let problem = Problem(input: [1, 1, 1, 1], filter: [1, 1, 1, 1])
        let header = CaseHeader(suite: "grid", name: name, problem: problem, data: .integer)
        return CaseResult(engine: engine, header: header, layouts: layouts, verdict: Verdict(status))
    }

    private func header(selection: [String] = [], shard: RunHeader.Shard? = nil) -> RunHeader {
        var header = RunHeader(engines: [], suites: [], planned: 0)
        (header.selection, header.shard) = (selection, shard)
        return header
    }

    @Test func aFindingListsWhatItExplainsAndNothingElse() throws {
        let text = "mine grid/* finding:swapped fixed soon\nmine grid/c fail by hand"
        var use = BaselineUse(try BaselineFile(text, name: "").baseline, header: header())
        func verdict(_ name: String, _ status: Status, isGiven: Bool) -> Verdict {
            var result = result(name, status)
            result.verdict = use.verdict(on: result) { $0 == "swapped" && isGiven }
            use.note(result)
            return result.verdict
        }
        let known = verdict("a", .fail, isGiven: true)
        #expect(known.status == .xfail)
        #expect(known.listing == Listing(line: 1, status: .fail, finding: "swapped", reason: "fixed soon"))
        // Another answer is another fault, and what the mistake leaves right may pass.
        #expect(verdict("a", .fail, isGiven: false).status == .fail)
        #expect(verdict("a", .crash, isGiven: true).status == .crash)
        #expect(verdict("b", .pass, isGiven: false).status == .pass)
        #expect(verdict("c", .fail, isGiven: true).listing?.line == 2)
        #expect(use.unmatched.isEmpty)
        var stale = BaselineUse(try BaselineFile(text, name: "").baseline, header: header())
        stale.note(result("b", .pass))
        #expect(stale.unmatched.map(\.line) == [1, 2])
    }

    @Test func everyLineIsAnEntryACommentOrEmpty() throws {
        let text = """
            # A comment.
              # Another.

            mine  grid/a-*  fail  the last column   is lost  https://example.org/1
            "my \\"own\\" engine"\tgrid/b@NCHW/OIHW  crash  see #12
            mine * finding:swapped-strides in the next release
            mine int8/* fail? it depends on the processor
            """
        let file = try BaselineFile(text + "\n", name: "known.txt")
        #expect(file.lines.count == 7)
        #expect(
            file.baseline.entries == [
                .init(
                    line: 4, engine: "mine", pattern: "grid/a-*", status: .fail, reason: "the last column is lost",
                    link: "https://example.org/1"),
                .init(
                    line: 5, engine: "my \"own\" engine", pattern: "grid/b", layouts: LayoutPair(.nchw, .oihw),
                    status: .crash, reason: "see #12"),
                .init(
                    line: 6, engine: "mine", pattern: "*", status: .fail, finding: "swapped-strides",
                    reason: "in the next release"),
                .init(
                    line: 7, engine: "mine", pattern: "int8/*", status: .fail, mayPass: true,
                    reason: "it depends on the processor"),
            ])
        for entry in file.baseline.entries {
            var again = try #require(try BaselineFile(BaselineFile.text(of: entry), name: "").baseline.entries.first)
            again.line = entry.line
            #expect(again == entry)
        }
        #expect(try BaselineFile("", name: "").baseline.entries.isEmpty)
    }

    @Test(arguments: [
        ("mine", "line 2: there is no case behind the engine 'mine'"),
        ("mine grid/a", "line 2: the status is '', expected one of: fail, error, crash, timeout"),
        ("mine grid/a pass why", "line 2: the status is 'pass', expected one of"),
        ("mine grid/a missing why", "line 2: the status is 'missing', expected one of"),
        (
            "mine grid/a finding: why",
            "line 2: the status is 'finding:', expected one of: fail, error, crash, timeout, with ? behind it where it may"
                + " pass as well, or finding:NAME"
        ),
        ("mine grid/a ? why", "line 2: the status is '?', expected one of"),
        ("mine grid/a pass? why", "line 2: the status is 'pass?', expected one of"),
        ("mine grid/a fail?", "line 2: there is no reason behind the status 'fail?'"),
        ("mine grid/a finding:a", "line 2: there is no reason behind the status 'finding:a'"),
        ("mine grid/a fail", "line 2: there is no reason behind the status 'fail'"),
        ("mine grid/a fail https://example.org", "line 2: there is no reason"),
        ("mine grid/a@NHWC fail why", "line 2: the layouts are 'NHWC', expected such as NHWC/HWIO"),
        ("\"mine grid/a fail why", "line 2: the engine's name has no second quotation mark"),
    ])
    func aLineThatIsNoneIsNamed(_ line: String, _ words: String) {
        let told = error("# first\n\(line)\n")
        #expect(told.hasPrefix("baseline 'known.txt', \(words)"), "\(told)")
    }

    @Test func aListedFailureIsKnownAndAListedPassIsNot() throws {
        let text = "mine grid/a fail x\nmine grid/b@NCHW/OIHW crash y\nmine grid/c* fail z\n"
        let use = BaselineUse(try BaselineFile(text, name: "").baseline, header: header())
        func status(_ result: CaseResult) -> Status { use.verdict(on: result).status }
        #expect(status(result("a", .fail)) == .xfail)
        #expect(use.verdict(on: result("a", .fail)).engineStatus == .fail)
        #expect(use.verdict(on: result("a", .fail)).listing?.reason == "x")
        #expect(status(result("a", .pass)) == .xpass)
        #expect(use.verdict(on: result("a", .pass)).engineStatus == .pass)
        // Another failure than the listed one is new, and what was not answered is neither.
        for other in [Status.crash, .error, .timeout, .missing, .unsupported] {
            #expect(status(result("a", other)) == other)
        }
        #expect(status(result("a", .fail, engine: "other")) == .fail)
        #expect(status(result("b", .crash)) == .crash)
        #expect(status(result("b", .crash, layouts: LayoutPair(.nchw, .oihw))) == .xfail)
        #expect(status(result("cc", .fail)) == .xfail)
        #expect(status(result("d", .fail)) == .fail)
    }

    @Test func whatMayPassIsListedEitherWay() throws {
        let text = "mine grid/* fail? x\nmine grid/a crash? y\nmine grid/b fail z\n"
        let use = BaselineUse(try BaselineFile(text, name: "").baseline, header: header())
        #expect(use.verdict(on: result("a", .pass)) == Verdict(.pass))
        #expect(use.verdict(on: result("a", .fail)).listing?.line == 1)
        #expect(use.verdict(on: result("a", .crash)).listing?.line == 2)
        // It may pass, but not fail in another way.
        #expect(use.verdict(on: result("c", .crash)).status == .crash)
        #expect(use.verdict(on: result("c", .fail)).status == .xfail)
        #expect(use.verdict(on: result("b", .pass)).status == .pass)
        // It lists something where there is such a case, though another processor has no such type.
        #expect(try unmatched("mine grid/* fail? x\n", [result("a", .pass)]).isEmpty)
        #expect(try unmatched("mine grid/* fail? x\n", [result("a", .unsupported)]).isEmpty)
        #expect(try unmatched("mine grid/none fail? x\n", [result("a", .pass)]) == [1])
        #expect(try unmatched("mine grid/* crash? x\nmine grid/a fail? x\n", [result("a", .fail)]).isEmpty)
    }

    /// Which of the entries match nothing, after the given results.
    private func unmatched(
        _ text: String, _ results: [CaseResult], selection: [String] = [], shard: RunHeader.Shard? = nil,
        leftOut: [CaseResult] = []
    ) throws -> [Int] {
        var baseline = try BaselineFile(text, name: "").baseline
        let chosen = results.map(\.header)
        baseline.note(all: chosen + leftOut.map(\.header), chosen: chosen)
        var use = BaselineUse(baseline, header: header(selection: selection, shard: shard))
        for var result in results {
            result.verdict = use.verdict(on: result)
            use.note(result)
        }
        return use.unmatched.map(\.line)
    }

    @Test func anEntryWithoutAFailureIsStale() throws {
        let text = "mine grid/a fail x\nmine grid/none fail y\nother grid/a fail z\nmine grid/[ab] crash w\n"
        let results = [result("a", .fail), result("b", .unsupported)]
        #expect(try unmatched(text, results) == [2, 3, 4])
        // A part of the cases cannot tell of the others.
        #expect(try unmatched(text, results, selection: ["-k", "x"]) == [4])
        #expect(try unmatched(text, results, selection: ["-k", "x"], leftOut: [result("b", .pass)]) == [4])
        #expect(try unmatched("mine grid/* crash x\n", results, leftOut: [result("z", .pass)]).isEmpty)
        #expect(try unmatched(text, results, shard: .init(index: 1, count: 2, cases: 4)).isEmpty)
        // What has no answer could have failed; what passes is told as such.
        #expect(try unmatched("mine grid/a fail x\n", [result("a", .missing)]).isEmpty)
        #expect(try unmatched("mine grid/a fail x\n", [result("a", .pass)]).isEmpty)
    }

    @Test func aRunWithKnownFailuresOnlyIsASuccess() throws {
        struct Wrong: Engine {
            func convolve(
                _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
            ) throws -> Tensor<Float> { Tensor(repeating: -1, shape: input.shape) }
        }
        let source = CaseList([Fixture.identity([1], name: "a"), Fixture.identity([1, 2], name: "b")])
        func summary(_ text: String) throws -> RunSummary {
            var runner = Runner(
                engines: [try InProcessEngine(name: "mine") { Wrong() }], source: source, cases: source.cases)
            runner.baseline = try BaselineFile(text, name: "known").baseline
            return runner.run { _ in }
        }
        let known = try summary("mine fixture/* fail x\n")
        #expect(known.counts[.xfail] == 2)
        #expect(known.exitStatus == .success)
        #expect(try summary("mine fixture/a fail x\n").exitStatus == .failed)
        let stale = try summary("mine fixture/* fail x\nmine fixture/c fail y\n")
        #expect(stale.counts.failures == 0)
        #expect(stale.unmatched.map(\.line) == [2])
        #expect(stale.exitStatus == .failed)
    }
}
