import Conformance
import Testing

@testable import Reporting

struct MarkdownTests {
    private func failures(_ count: Int, reason: String) -> [Event] {
        let results = (0..<count).map {
            CaseResult(
                engine: "mine", header: SampleRun.header("grid", "case-\($0)"),
                verdict: Verdict(.fail, reason: reason))
        }
        return [.started(SampleRun.header)] + results.map(Event.finished) + [.ended(SampleRun.summary(of: results))]
    }

    @Test func saysHowManyMoreFailuresThereAre() {
        let page = report(failures(60, reason: "wrong")) { MarkdownReporter(failureLimit: 7, write: $0) }
        #expect(page.split(separator: "<details>").count == 8)
        #expect(page.contains("... and 53 more failures, not shown here: the log has the first of them"))
        #expect(page.hasSuffix("--jsonl and --junit write.\n"))
    }

    @Test func thousandsOfFailuresStayBelowTheLimitOfGitHub() throws {
        for (limit, reason) in [
            (60, String(repeating: "🙂", count: 5000)), (5000, String(repeating: "x", count: 900)),
        ] {
            var events = failures(5000, reason: reason)
            let finding = Finding(
                engine: "mine", candidates: [.init(name: "a", summary: String(repeating: "y", count: 2500))],
                cases: ["grid/case-1"],
                allFailing: 5000, smallest: "grid/case-1")
            events.insert(contentsOf: Array(repeating: .found(finding), count: 500), at: events.count - 1)
            let page = report(events) { MarkdownReporter(failureLimit: limit, write: $0) }
            #expect(page.utf8.count < 1_048_576)
            #expect(page.utf8.count > 900_000)
            let told = try #require(page.firstMatch(of: /and (\d,\d+) more failures, not shown here/))
            let shown = page.split(separator: "<details>").count - 1
            #expect(Int(told.1.replacing(",", with: "")) == 5000 - shown)
            #expect(page.contains("more parts for which this page has no room"))
        }
    }

    @Test func findingsComeFirstAndDetailsAreFolded() throws {
        var events = failures(3, reason: "wrong")
        let finding = Finding(
            engine: "mine", candidates: [.init(name: "a", summary: "An a.")], cases: ["grid/case-1"], allFailing: 3,
            smallest: "grid/case-1")
        events.insert(.found(finding), at: events.count - 1)
        let page = report(events) { MarkdownReporter(write: $0) }
        let parts = try ["**FAILED: ", "#### mine: a: exactly", "| suite |", "<details><summary>fail"].map {
            try #require(page.range(of: $0)).lowerBound
        }
        #expect(parts == parts.sorted())
        #expect(page.split(separator: "<details>").count == page.split(separator: "</details>").count)
    }

    @Test func aSummaryIsTextToo() {
        #expect(MarkdownText.summary("fail: <b> [a] é 1.5") == "fail: &#60;b&#62; &#91;a&#93; é 1.5")
        #expect(MarkdownText.summary("http://www.a") == "http:/\u{200B}/www\u{200B}.a")
        #expect(MarkdownText.summary("@a") == "&#64;\u{200B}a")
    }

    @Test func notRunIsSaidOnce() {
        let results = (0..<100).map {
            CaseResult(
                engine: "mine", header: SampleRun.header("grid", "case-\($0)"),
                verdict: Verdict(.missing, reason: "not run: the run was interrupted"))
        }
        let page = report(results.map(Event.finished) + [.ended(SampleRun.summary(of: results))]) {
            MarkdownReporter(write: $0)
        }
        #expect(page.split(separator: "<details>").count == 2)
        #expect(page.contains("... and 99 more failures"))
    }

    @Test(arguments: [
        ("a|b", #"a\|b"#), ("<b>&amp;", "&lt;b&gt;&amp;amp;"), ("`x` *y* _z_", #"\`x\` \*y\* \_z\_"#),
        ("[a](b) ![c]", #"\[a\](b) \!\[c\]"#), ("two\nlines", "two lines"), ("@someone", "@\u{200B}someone"),
        (#"back\slash"#, #"back\\slash"#), ("red \u{1B}[31m", "red \u{FFFD}\\[31m"), ("#12", "\\#\u{200B}12"),
        ("https://a.b", "https:/\u{200B}/a.b"), ("www.a.b", "www\u{200B}.a.b"), ("- item", #"\- item"#),
        ("12. item", #"12\. item"#), ("a-b 1.5", "a-b 1.5"), ("$x$", "<span>$</span>x<span>$</span>"),
    ])
    func markupIsText(_ text: String, _ escaped: String) {
        #expect(MarkdownText.escaped(text) == escaped)
    }

    @Test func aFenceIsLongerThanAnyInside() {
        let block = MarkdownText.block(["a ``` b", "`````", "c"])
        #expect(block.hasPrefix("``````text\n"))
        #expect(block.hasSuffix("\n``````"))
    }

    @Test func damageIsListed() {
        var summary = RunSummary()
        summary.damage = (0..<60).map { "grid.h5: case \($0) <is> damaged" }
        let page = report([.started(SampleRun.header), .ended(summary)]) { MarkdownReporter(write: $0) }
        #expect(page.contains("- grid.h5: case 0 &lt;is&gt; damaged\n"))
        #expect(page.contains("- ... and 10 more"))
        #expect(page.contains("**GOLDEN DATA DAMAGED: 60 faults;"))
    }
}
