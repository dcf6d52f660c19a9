import Conformance
import Convolution
import Testing

@testable import Reporting

/// The texts of a test's issues, from events made by hand.
@Suite struct IssueReporterTests {
    private func texts(_ events: [Event], most: Int = .max) -> [String] {
        var texts: [String] = []
        let reporter = IssueReporter(most: most) { texts.append($0) }
        events.forEach(reporter.receive)
        return texts
    }

    private func run(_ results: [CaseResult], damage: [String] = [], shortage: String? = nil) -> [Event] {
        var summary = SampleRun.summary(of: results)
        (summary.damage, summary.shortage) = (damage, shortage)
        return [.started(SampleRun.header)] + results.map(Event.finished) + [.ended(summary)]
    }

    /// A case that fails in two layouts is one text.
    @Test func eachFailingCaseIsOneText() throws {
        let events = try SampleRun.events()
        let texts = texts(events)
        let failing = try SampleRun.results().filter(\.status.isFailure)
        var ids: [String] = []
        for result in failing where ids.last != result.header.id { ids.append(result.header.id) }
        #expect(texts.count == ids.count)
        for (text, id) in zip(texts, ids) {
            #expect(text.split(separator: "\n")[0].hasSuffix(id))
            #expect(text.contains("checkEngine(cases: [\"\(id)\"]) { mine() }"))
        }
        #expect(texts[0].hasPrefix("fail mine grid/b2-c3-f6-k3x2-s2x1-same_upper-int\n  "))
        #expect(texts[0].hasSuffix("\n  It fails in other layouts, too: NHWC/OIHW"))
        #expect(texts.dropFirst().allSatisfy { !$0.contains("other layouts") })
        // In the words of the console.
        let explanation = Explanation(failing[0], repetition: "x").lines(columns: 100)
        #expect(explanation.dropLast().allSatisfy { texts[0].contains($0) })
    }

    @Test func whatIsBeyondIsCounted() throws {
        let all = texts(try SampleRun.events())
        let some = texts(try SampleRun.events(), most: 2)
        #expect(some.count == 3)
        #expect(Array(some.prefix(2)) == Array(all.prefix(2)))
        #expect(some.last == "\(all.count - 2) more failing cases, of \(all.count)")
    }

    @Test func noTextSteersATerminal() throws {
        for text in texts(try SampleRun.events()) {
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0xFFFE })
        }
    }

    @Test func findingsComeFirst() throws {
        let finding = Finding(
            engine: "mine", candidates: [.init(name: "flipped-kernel", summary: "It is turned.")], cases: ["grid/a"],
            allFailing: 7, smallest: "grid/a")
        var events = try SampleRun.events()
        events.insert(.found(finding), at: events.count - 1)
        let found = texts(events)
        #expect(found[0].hasPrefix("1 finding\n1. flipped-kernel: exactly what 1 of 7 failing cases answered\n"))
        #expect(Array(found.dropFirst()) == texts(try SampleRun.events()))
    }

    @Test func damageAndShortagesAreToldOnce() throws {
        let header = SampleRun.header("grid", "a")
        let results = ["a.h5: torn", "b.h5: torn", "a.h5: torn"].map {
            CaseResult(engine: "mine", header: header, verdict: Verdict(.missing, .damagedGolden($0)))
        }
        let damage = ["a.h5: torn", "b.h5: torn", "a.h5: torn"]
        #expect(
            texts(run(results, damage: damage)) == [
                "golden data damaged: a.h5: torn", "golden data damaged: b.h5: torn",
            ])
        let short = CaseResult(engine: "mine", header: header, verdict: Verdict(.missing, .shortage("no threads")))
        #expect(
            texts(run([short, short], shortage: "no threads"))
                == ["the run could not be completed, because the host ran short: no threads"])
    }

    @Test func nothingExecutedIsAText() throws {
        let header = SampleRun.header("grid", "a")
        let unsupported = CaseResult(
            engine: "mine", header: header, verdict: Verdict(.unsupported, .undeclared(.types)))
        #expect(
            texts(run([unsupported, unsupported])) == [
                "NOTHING EXECUTED: of 2 checks 2 unsupported\n"
                    + "unsupported by mine: the engine does not declare the element types (2)"
            ])
        let passed = CaseResult(engine: "mine", header: header, verdict: Verdict(.pass))
        #expect(texts(run([unsupported, passed])).isEmpty)
        #expect(texts(run([])) == ["NOTHING EXECUTED: no check was planned"])
    }
}
