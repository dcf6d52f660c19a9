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
        #expect(page.split(separator: "#### ").count == 8)
        #expect(page.hasSuffix("... and 53 more failures, not shown here.\n"))
    }

    @Test func staysBelowTheLimitOfGitHub() {
        let reason = String(repeating: "🙂", count: 10_000)
        let page = report(failures(500, reason: reason)) { MarkdownReporter(failureLimit: 500, write: $0) }
        #expect(page.utf8.count < 1_048_576)
        #expect(page.utf8.count > 800_000)
        #expect(page.contains("more failures, not shown here."))
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
        #expect(page.split(separator: "#### ").count == 2)
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
