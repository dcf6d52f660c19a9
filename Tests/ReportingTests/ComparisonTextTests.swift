import Conformance
import Reporting
import RunRecord
import Testing

struct ComparisonTextTests {
    private func record(_ results: [CaseResult]) -> RunRecord {
        RunRecord(header: SampleRun.header, results: results, summary: SampleRun.summary(of: results))
    }

    private func result(_ name: String, _ verdict: Verdict) -> CaseResult {
        CaseResult(engine: "mine", header: SampleRun.header("grid", name), isPreferredLayout: false, verdict: verdict)
    }

    @Test func whatBrokeIsListedAndAllOfItOnRequest() {
        let (pass, fail) = (Verdict(.pass), Verdict(.fail, reason: "::error:: wrong"))
        let old = record((0..<30).map { result("a\($0)", pass) } + [result("f", fail), result("g", pass)])
        let new = record((0..<30).map { result("a\($0)", fail) } + [result("f", pass), result("n", fail)])
        let comparison = RunComparison(old: old, new: new)
        let short = ComparisonText(comparison, isVerbose: false, columns: 200).lines
        #expect(short.count == 23)
        #expect(short[0] == "broken mine grid/a0 [NHWC/HWIO]: pass -> fail (: :error:: wrong)")
        #expect(short[20] == "... and 10 more")
        #expect(short[22] == "BROKEN: 30 broken, 1 fixed, 1 new (1 of them failing), 1 gone, 0 as before")
        let long = ComparisonText(comparison, isVerbose: true, columns: 200).lines
        #expect(long.count == 35)
        #expect(long[30].hasPrefix("fixed mine grid/f [NHWC/HWIO]: fail ("))
        #expect(long[32] == "gone mine grid/g [NHWC/HWIO]: pass")
        let same = ComparisonText(RunComparison(old: old, new: old), isVerbose: true, columns: 80).lines
        #expect(same == ["nothing broke: 32 as before"])
        var strict = old
        strict.header.tolerance = .exact
        let judged = ComparisonText(RunComparison(old: old, new: strict), isVerbose: false, columns: 80).lines
        #expect(judged.first == "the runs were judged by other tolerances: derived, exact")
    }
}
