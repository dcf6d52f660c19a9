import Conformance
import Convolution
import Testing

@testable import Reporting

struct ConsoleTests {
    private func failing(_ count: Int, engine: String = "mine", _ verdict: Verdict) -> [CaseResult] {
        (0..<count).map {
            CaseResult(engine: engine, header: SampleRun.header("grid", "case-\($0)"), verdict: verdict)
        }
    }

    private static let wide: ConsoleOptions = {
        var options = ConsoleOptions()
        options.columns = 200
        return options
    }()

    private func run(_ results: [CaseResult], _ options: ConsoleOptions = wide) -> String {
        let events = [.started(SampleRun.header)] + results.map(Event.finished)
        return report(events + [.ended(SampleRun.summary(of: results))]) {
            ConsoleReporter(options: options, write: $0)
        }
    }

    @Test func manyFailuresTakeLessAndLess() {
        let wrong = Verdict(.fail, reason: "wrong output shape")
        let text = run(failing(500, wrong) + failing(3, engine: "direct", wrong))
        let lines = text.split(separator: "\n")
        // Those of the failures, and those of the smallest cases.
        #expect(lines.filter { $0.hasPrefix("  repeat") }.count == 20 + 3 + 2)
        #expect(lines.filter { $0.hasPrefix("fail mine") }.count == 200)
        #expect(lines.filter { $0.hasPrefix("fail mine") && $0.hasSuffix(": wrong output shape") }.count == 180)
        #expect(lines.filter { $0.hasPrefix("(mine: further failures") }.count == 2)
        #expect(lines.last == "FAILED: 503 of 503 checks (503 fail), 0 passed, in 4.2 s")
    }

    @Test func theSameInAnotherLayoutIsOneLine() throws {
        let wrong = SampleRun.fail(try SampleRun.comparison { $0[2] == 8 })
        let other = SampleRun.fail(try SampleRun.comparison { $0[2] == 7 })
        var results = failing(3, wrong)
        for (place, verdict) in zip(results.indices, [wrong, wrong, other]) {
            results[place].header = SampleRun.header("grid", "case")
            results[place].verdict = verdict
            results[place].layouts = LayoutPair(.nchw, FilterLayout.allCases[place])
            results[place].isPreferredLayout = place == 0
        }
        let text = run(results)
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("  repeat") }.count == 2 + 1)
        #expect(text.contains("\nfail mine grid/case [NCHW/OIHW]: the same in this layout\n"))
    }

    @Test func whatWasNotRunIsSaidOnce() {
        let text = run(failing(500, Verdict(.missing, reason: "not run: the run was interrupted")))
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("missing") }.count == 1)
    }

    @Test func aPipeGetsNoProgressAndNoColor() throws {
        let text = run(try SampleRun.results())
        #expect(!text.contains("\r"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test func theProgressLineGivesWay() throws {
        var options = ConsoleOptions()
        (options.columns, options.showsProgress) = (60, true)
        let text = run(try SampleRun.results(), options)
        #expect(text.contains("\r[#-------------------] 1/15: direct grid\u{1B}[K"))
        for line in text.split(separator: "\n") where line.contains("\r[") {
            #expect(line.contains("\r\u{1B}[K"), "a progress line is left behind: \(line)")
        }
        options.showsProgress = false
        let withoutProgress = run(try SampleRun.results(), options)
        #expect(text.replacing(/\r\[[^\r]*\u{1B}\[K/, with: "").replacing("\r\u{1B}[K", with: "") == withoutProgress)
    }

    @Test func theProgressLineIsNotHurried() {
        var progress = ProgressLine(columns: 30)
        let start = ContinuousClock.now
        #expect(progress.show(at: start, done: 1, planned: 100, failed: 0, "subject") != nil)
        #expect(progress.show(at: start + .milliseconds(50), done: 2, planned: 100, failed: 0, "subject") == nil)
        let later = progress.show(at: start + .milliseconds(150), done: 50, planned: 100, failed: 2, "subject")
        #expect(later == "\r[##########----------] 50/100\u{1B}[K")
        #expect(progress.hide() == "\r\u{1B}[K")
        #expect(progress.hide() == "")
    }

    @Test func quietIsFailuresAndOneLine() {
        var options = ConsoleOptions()
        options.verbosity = .quiet
        let passed = failing(3, Verdict(.pass)) + failing(1, Verdict(.unsupported, reason: "no"))
        #expect(run(passed, options) == "passed: 3 of 4 checks on 2 engines, 1 unsupported, in 4.2 s\n")
    }

    @Test func unsupportedReasonsAreCounted() {
        let results =
            failing(3, Verdict(.unsupported, reason: "no groups"))
            + failing(5, Verdict(.unsupported, reason: "no pads"))
            + (0..<9).flatMap { failing(2, Verdict(.unsupported, reason: "other \($0)")) }
        #expect(
            run(results).contains(
                "unsupported by mine: no pads (5); no groups (3); other 0 (2); other 1 (2); other reasons (14)\n"))
    }

    @Test func enginesWithTheSameReasonsShareASentence() {
        let no = Verdict(.unsupported, reason: "no groups")
        let text = run(failing(2, no) + failing(2, engine: "direct", no))
        #expect(text.contains("unsupported by direct, mine: no groups (2)\n"))
    }

    @Test func everyEndIsToldApart() {
        func sentence(_ change: (inout RunSummary) -> Void) -> String {
            var summary = RunSummary()
            change(&summary)
            return RunSentence(summary, header: SampleRun.header).text
        }
        #expect(sentence { $0.counts[.pass] = 1200 } == "passed: all 1,200 checks on 2 engines, in 0 ms")
        #expect(sentence { _ in } == "NOTHING EXECUTED: no check was planned")
        #expect(sentence { $0.counts[.unsupported] = 2 } == "NOTHING EXECUTED: of 2 checks 2 unsupported")
        #expect(
            sentence {
                $0.counts[.missing] = 1
                $0.damage = ["a", "a"]
            } == "GOLDEN DATA DAMAGED: 1 fault; of 1 check 0 passed, 1 failed, in 0 ms")
        #expect(
            sentence {
                ($0.counts[.missing], $0.counts[.pass], $0.counts[.fail]) = (7, 2, 1)
                $0.isInterrupted = true
            } == "INTERRUPTED after 0 ms: 7 of 10 checks were not run, 2 passed, 1 failed")
    }
}
