import Conformance
import Testing

@testable import Reporting

/// What GitHub shows beside a job.
struct AnnotationTests {
    private func annotations(_ events: [Event]) -> [String] {
        report(events) { AnnotationReporter(write: $0) }.split(separator: "\n").map { String($0) }
    }

    private func run(failing: Int, findings: [Finding] = [], change: (inout RunSummary) -> Void = { _ in }) -> [Event] {
        let results = (0..<failing).map { place in
            CaseResult(
                engine: "mine",
                header: SampleRun.header(
                    "grid", "\(place)", problem: .init(input: [1, 50 - place, 9, 1], filter: [1, 1, 1, 1])),
                verdict: Verdict(.crash, reason: "line one, 100%\nline: two"))
        }
        var summary = SampleRun.summary(of: results)
        change(&summary)
        return [.started(SampleRun.header)] + results.map(Event.finished) + findings.map(Event.found)
            + [.ended(summary)]
    }

    private func finding(_ cases: ClosedRange<Int>) -> Finding {
        Finding(
            engine: "mine", candidates: [.init(name: "swapped,pads", summary: "Pads, swapped: 100%.")],
            cases: cases.map { "grid/\($0)" }, allFailing: 40, smallest: "grid/\(cases.upperBound)")
    }

    @Test func findingsComeFirstThenTheSmallestOfTheRest() {
        let lines = annotations(run(failing: 40, findings: [finding(0...4), finding(38...39)]))
        #expect(lines.count == 11)
        #expect(
            lines[0]
                == "::error title=mine%3A swapped%2Cpads%3A exactly what 5 of 40 failing cases answered::mistake: Pads, swapped: "
                + "100%25.%0Asmallest: grid/4")
        #expect(
            lines[2].hasPrefix("::error title=crash mine grid/37::line one, 100%25 line: two%0Arepeat: convcheck run "))
        #expect(lines[9].hasPrefix("::error title=crash mine grid/30::"))
        #expect(lines[10].hasPrefix("::notice title=convcheck::FAILED: 40 of 40 checks"))
        #expect(lines[10].contains("25 more than these 10"))
    }

    @Test func whatAFindingExplainsIsNotToldAgain() {
        #expect(annotations(run(failing: 5, findings: [finding(0...4)])).count == 1)
        #expect(annotations(run(failing: 10)).count == 10)
        #expect(annotations(run(failing: 11)).count == 11)
        #expect(annotations(run(failing: 11)).last?.hasPrefix("::notice ") == true)
    }

    @Test func aRunThatIsWrongItselfIsSaidFirst() {
        let damaged = annotations(run(failing: 3) { $0.damage = ["grid.h5: torn, 5%", "grid.h5: torn, 5%"] })
        #expect(damaged.count == 4)
        #expect(damaged[0] == "::error title=golden data damaged::grid.h5: torn, 5%25")
        #expect(annotations(run(failing: 0)) == ["::error title=convcheck::NOTHING EXECUTED: no check was planned"])
        #expect(
            annotations(run(failing: 0) { $0.shortage = "no threads" })[0]
                == "::error title=the host ran short::no threads")
    }

    @Test func aRunThatPassesHasNone() {
        let passed = CaseResult(engine: "mine", header: SampleRun.header("grid", "a"), verdict: Verdict(.pass))
        #expect(annotations([.finished(passed), .ended(SampleRun.summary(of: [passed]))]).isEmpty)
    }

    @Test(arguments: HostileTextTests.texts) func textIsNeverACommand(_ text: String) throws {
        let lines = annotations(try HostileTextTests.events(text))
        #expect(!lines.isEmpty)
        for line in lines {
            #expect(line.wholeMatch(of: /::(error|notice) title=[^:,]*::.*/) != nil, "\(line)")
            #expect(!line.unicodeScalars.contains(where: SafeText.isHarmful), "\(line)")
            #expect(!line.contains(/##(\[|vso\[|teamcity\[)/), "\(line)")
        }
    }
}
