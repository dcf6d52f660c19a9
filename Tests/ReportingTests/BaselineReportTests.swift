import Conformance
import RunRecord
import Testing

@testable import Reporting

/// Known failures in every report, and in a baseline made of a record.
struct BaselineReportTests {
    private static let nchw = LayoutPair(.nchw, .oihw)

    private func result(_ name: String, _ verdict: Verdict, layouts: LayoutPair = nchw) -> CaseResult {
        CaseResult(
            engine: "mine", header: SampleRun.header("grid", name), layouts: layouts,
            isPreferredLayout: layouts == Self.nchw, verdict: verdict)
    }

    /// A run of one engine with its verdicts against a baseline.
    private func record(_ results: [CaseResult], baseline text: String) throws -> RunRecord {
        var header = SampleRun.header
        header.baseline = try BaselineFile(text, name: "known.txt").baseline
        header.engines.removeFirst()
        header.suites = [.init(name: "grid", cases: Set(results.map(\.header.name)).count)]
        header.planned = results.count
        var use = header.baseline.map { BaselineUse($0, header: header) }
        let results = results.map { result in
            var result = result
            result.verdict = use?.verdict(on: result) ?? result.verdict
            use?.note(result)
            return result
        }
        var summary = SampleRun.summary(of: results)
        summary.unmatched = use?.unmatched ?? []
        return RunRecord(header: header, results: results, summary: summary)
    }

    private let text = """
        mine  grid/a  fail  columns are lost  https://example.org/1
        mine  grid/b  crash  out of memory
        mine  grid/none  fail  <nothing>
        """

    private func sample() throws -> RunRecord {
        try record(
            [result("a", Verdict(.fail, reason: "wrong")), result("b", Verdict(.pass)), result("c", Verdict(.pass))],
            baseline: text)
    }

    @Test func everyReportTellsThem() throws {
        let events = try sample().events
        var options = ConsoleOptions()
        (options.verbosity, options.columns) = (.verbose, 200)
        let console = report(events) { ConsoleReporter(options: options, write: $0) }
        #expect(console.contains("xfail mine grid/a: known: columns are lost (https://example.org/1): wrong\n"))
        #expect(console.contains("xpass mine grid/b\n  it passes, and the baseline lists it as crash: out of memory\n"))
        #expect(
            console.contains(
                "stale baseline 'known.txt', line 3: nothing failed as it lists: mine  grid/none  fail  <nothing>\n"))
        #expect(
            console.hasSuffix(
                "FAILED: 1 of 3 checks (1 xpass), 1 entry of the baseline without a failure, 1 passed, 1 xfail, in 4.2 s\n"
            ))
        #expect(!console.contains("smallest failing case"))
        let junit = report(events) { JUnitReporter(write: $0) }
        #expect(junit.contains(#"<testsuites name="convcheck" tests="4" failures="2" errors="0""#))
        #expect(junit.contains(#"<skipped message="known: columns are lost (https://example.org/1): wrong"/>"#))
        #expect(junit.contains(#"<failure message="it passes, and the baseline lists it as crash: out of memory""#))
        #expect(junit.contains(#"<testcase classname="baseline" name="line 3""#))
        let page = report(events) { MarkdownReporter(write: $0) }
        #expect(page.contains("1 pass, 1 xfail, 1 xpass"))
        #expect(page.contains("Entries of the baseline without a failure:\n\n- baseline 'known.txt', line 3: "))
        #expect(page.contains("<summary>xpass: mine, grid/b</summary>"))
    }

    @Test func theyAreInTheRecord() throws {
        let record = try sample()
        let again = try RunRecord(bytes: Array(record.text.utf8), file: "r")
        #expect(again.text == record.text)
        #expect(again.results == record.results)
        #expect(again.summary.unmatched.map(\.line) == [3])
        for make in [
            { JUnitReporter(write: $0) as any Reporter }, { ConsoleReporter(write: $0) },
            { MarkdownReporter(write: $0) },
        ] {
            #expect(report(again.events, by: make) == report(record.events, by: make))
        }
        for (old, new) in [
            (#""listed":{"line":1,"#, #""listed":{"line":3,"#), (#""status":"xpass""#, #""status":"pass""#),
            (#""unmatched":[3]"#, #""unmatched":[4]"#),
        ] {
            #expect(record.text.contains(old))
            let edited = record.text.replacing(old, with: new)
            #expect(throws: RecordError.self, "\(old)") { try RunRecord(bytes: Array(edited.utf8), file: "r") }
        }
    }

    @Test func whatAnEngineDidIsComparedNotWhatWasExpected() throws {
        let results = try sample().results
        let plain = try record(
            [result("a", Verdict(.fail, reason: "wrong")), result("b", Verdict(.pass)), result("c", Verdict(.pass))],
            baseline: "")
        let old = RunRecord(header: SampleRun.header, results: results, summary: SampleRun.summary(of: results))
        #expect(RunComparison(old: old, new: plain).differences.isEmpty)
    }

    private func draft(_ results: [CaseResult], _ old: String?) throws -> BaselineDraft {
        BaselineDraft(try record(results, baseline: ""), replacing: try old.map { try BaselineFile($0, name: "") })
    }

    @Test func aNewBaselineListsEveryFailure() throws {
        let fail = Verdict(.fail, reason: "wrong\nin two lines")
        let nhwc = LayoutPair(.nhwc, .oihw)
        let results = [
            result("a", fail), result("a", fail, layouts: nhwc), result("b", fail),
            result("b", Verdict(.pass), layouts: nhwc),
            result("c", Verdict(.crash, reason: "signal 11")), result("d", Verdict(.missing, .notReached)),
            result("e", Verdict(.unsupported, reason: "no")), result("f", Verdict(.pass)),
        ]
        let draft = try draft(results, nil)
        #expect(
            draft.text.split(separator: "\n").filter { !$0.hasPrefix("#") } == [
                "mine  grid/a  fail  wrong in two lines", "mine  grid/b@NCHW/OIHW  fail  wrong in two lines",
                "mine  grid/c  crash  signal 11",
            ])
        #expect((draft.entries, draft.added, draft.removed, draft.missing) == (3, 3, 0, 1))
        // With it the same run fails no more, and a second draft is the same text.
        let known = try record(results, baseline: draft.text)
        #expect(known.results.filter { $0.status.isFailure }.map(\.status) == [.missing])
        #expect(known.summary.unmatched.isEmpty)
        #expect(try self.draft(results, draft.text).text == draft.text)
    }

    @Test func findingsAreListedAndStay() throws {
        let fail = Verdict(.fail, reason: "wrong")
        let results = [result("a", fail), result("b", fail), result("c", fail), result("d", Verdict(.pass))]
        var record = try record(results, baseline: "")
        record.findings = [
            Finding(
                engine: "mine",
                candidates: [.init(name: "swapped", summary: "Swapped."), .init(name: "x", summary: "X.")],
                cases: ["grid/a", "grid/b"], allFailing: 3, smallest: "grid/a"),
            Finding(engine: "mine", candidates: [], cases: ["grid/c"], allFailing: 3, smallest: "grid/c"),
        ]
        func lines(_ draft: BaselineDraft) -> [Substring] { draft.text.split(separator: "\n").suffix(2) }
        let made = BaselineDraft(record, replacing: nil, namesFindings: true)
        #expect(lines(made) == ["mine  *  finding:swapped  Swapped.", "mine  grid/c  fail  wrong"])
        #expect((made.entries, made.added, made.removed) == (2, 2, 0))
        let old = "# Why.\nmine  *  finding:swapped  soon  https://a.b\nmine * finding:gone never"
        let kept = BaselineDraft(record, replacing: try BaselineFile(old, name: ""))
        #expect(
            kept.text == "# Why.\nmine  *  finding:swapped  soon  https://a.b\nmine  grid/c  fail  wrong\n")
        #expect((kept.entries, kept.added, kept.removed) == (2, 1, 1))
    }

    @Test func commentsAndReasonsStay() throws {
        let old = """
            # Why these.
            mine   grid/a   fail  for   long  https://example.org/1

            # Of several some are fixed.
            mine  grid/[bc]  fail  both
            mine  grid/gone  fail  fixed since
            other  grid/x  fail  another engine
            # The end.
            """
        let fail = Verdict(.fail, reason: "wrong")
        let results = [result("a", fail), result("b", fail), result("c", Verdict(.pass)), result("n", fail)]
        let draft = try draft(results, old)
        #expect(
            draft.text == """
                # Why these.
                mine   grid/a   fail  for   long  https://example.org/1

                # Of several some are fixed.
                mine  grid/b  fail  both
                # The end.
                mine  grid/n  fail  wrong

                """)
        #expect((draft.entries, draft.added, draft.removed) == (3, 1, 2))
        // What may pass stays as long as there is such a case.
        let sometimes = "mine  grid/a  crash?  by chance\nmine  grid/gone  fail?  by chance\n"
        let steady = BaselineDraft(try record(results, baseline: ""), replacing: try BaselineFile(sometimes, name: ""))
        #expect(steady.text.hasPrefix("mine  grid/a  crash?  by chance\nmine  grid/a  fail"))
        #expect(steady.removed == 1)
        // A run of some of the cases says nothing of the others.
        var part = try record(results, baseline: "")
        part.header.selection = ["-k", "x"]
        let kept = BaselineDraft(part, replacing: try BaselineFile(old, name: "")).text
        #expect(kept.contains("grid/gone") && kept.contains("other  grid/x"))
    }
}
