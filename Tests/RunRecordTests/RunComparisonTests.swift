import Conformance
import Convolution
import RunRecord
import Testing

struct RunComparisonTests {
    private func record(_ verdicts: [(String, Verdict)], digest: String = "d") -> RunRecord {
        let problem = Problem(input: [1, 1, 1, 1], filter: [1, 1, 1, 1])
        let results = verdicts.map { name, verdict in
            CaseResult(
                engine: "e", header: CaseHeader(suite: "s", name: name, problem: problem, data: .integer),
                verdict: verdict)
        }
        var summary = RunSummary()
        for result in results { summary.count(result) }
        return RunRecord(
            header: RunHeader(
                engines: [], suites: [.init(name: "s", cases: results.count, digest: digest)], planned: results.count),
            results: results, summary: summary)
    }

    private func changes(_ old: Verdict, _ new: Verdict) -> [RunComparison.Change] {
        RunComparison(old: record([("c", old)]), new: record([("c", new)])).differences.map(\.change)
    }

    @Test func whatPassedAndDoesNoLongerIsBroken() {
        let (pass, fail, no) = (Verdict(.pass), Verdict(.fail, reason: "a"), Verdict(.unsupported, reason: "no"))
        #expect(changes(pass, pass).isEmpty)
        #expect(changes(pass, fail) == [.broken])
        // Not to be tried any more is no pass.
        #expect(changes(pass, no) == [.broken])
        #expect(changes(no, fail) == [.broken])
        #expect(changes(pass, Verdict(.missing, .notReached)) == [.broken])
        #expect(changes(fail, pass) == [.fixed])
        #expect(changes(no, pass) == [.fixed])
        #expect(changes(fail, no) == [.changed])
        #expect(changes(fail, Verdict(.crash, reason: "a")) == [.changed])
        #expect(changes(fail, Verdict(.fail, reason: "b")) == [.changed])
        #expect(changes(fail, fail).isEmpty)
        #expect(changes(pass, Verdict(.pass, remark: "flushed")) == [.changed])
    }

    @Test func theSameCauseWithOtherElementsIsAChange() {
        func wrong(_ bits: UInt8) -> Verdict {
            let mask = ElementMask(coding: .bits, bytes: [bits], covered: 8)
            return Verdict(
                .fail, .mismatch, comparison: Comparison(elements: 8, mismatched: 1, ratio: .nan, mask: mask))
        }
        #expect(changes(wrong(1), wrong(2)) == [.changed])
        #expect(changes(wrong(1), wrong(1)).isEmpty)
    }

    @Test func whatIsNewOrGoneIsCountedApart() {
        let old = record([("a", Verdict(.pass)), ("b", Verdict(.pass))])
        let new = record([("b", Verdict(.pass)), ("c", Verdict(.fail, reason: "x"))], digest: "other")
        let comparison = RunComparison(old: old, new: new)
        #expect(comparison.differences.map(\.change) == [.new, .gone])
        #expect(comparison.differences.map { ($0.new ?? $0.old)?.header.name } == ["c", "a"])
        #expect((comparison.unchanged, comparison.shared) == (1, 1))
        #expect(comparison.changedSuites == ["s"])
        #expect(comparison.count(.broken) == 0)
    }
}
