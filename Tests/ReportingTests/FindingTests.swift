import Conformance
import Testing

@testable import Reporting

/// What failures have in common, in the words of every report.
struct FindingTests {
    private static let rule = Rule(
        conditions: [
            Condition("is grouped", .holds), Condition("stride width", .atLeast(2)),
            Condition("channels", .isNoMultiple(of: 4)),
        ], failing: 35, allFailing: 35, passing: 0, allPassing: 2389)

    private static let finding = Finding(
        engine: "mine",
        candidates: [.init(name: "swapped-strides", summary: "The strides are swapped.", source: "root#1")],
        cases: ["grid/a", "grid/b"], allFailing: 2, smallest: "grid/b", rule: rule)

    private static func events(_ finding: Finding) -> [Event] {
        let results = ["a", "b"].map {
            CaseResult(
                engine: "mine", header: SampleRun.header("grid", $0), verdict: Verdict(.fail, reason: "wrong"))
        }
        return [.started(SampleRun.header)] + results.map(Event.finished)
            + [.found(finding), .ended(SampleRun.summary(of: results))]
    }

    @Test func aRuleIsOneSentenceWithItsExceptions() {
        #expect(
            FindingText.text(of: Self.rule)
                == "all 35 cases whose problem is grouped and has stride width 2 or more and has channels no multiple of 4 "
                + "fail, none of the other 2,389 does")
        var rule = Self.rule
        rule.conditions = [Condition("is padded", .holdsNot), Condition("kernel height", .isMultiple(of: 2))]
        (rule.failing, rule.passing) = (33, 3)
        #expect(
            FindingText.text(of: rule)
                == "33 of 36 cases whose problem is not padded and has even kernel height fail, 2 of the other 2,388 as well"
        )
    }

    @Test func oneNameSeveralAndNone() {
        var finding = Self.finding
        #expect(FindingText(finding).title == "swapped-strides: exactly what all 2 failing cases answered")
        finding.allFailing = 9
        finding.candidates.append(.init(name: "b", summary: "B."))
        #expect(FindingText(finding).title == "swapped-strides or b: exactly what 2 of 9 failing cases answered")
        finding.candidates += [.init(name: "c", summary: "C."), .init(name: "d", summary: "D.")]
        #expect(
            FindingText(finding).title
                == "swapped-strides or b or c (or one of 1 more, which these cases do not tell apart): exactly what 2 of 9 "
                + "failing cases answered")
        finding.candidates = []
        #expect(FindingText(finding).title == "no known mistake gives what 2 of 9 failing cases answered")
    }

    @Test func theConsoleSaysItBeforeTheSmallestCase() throws {
        let text = report(Self.events(Self.finding)) { ConsoleReporter(write: $0) }
        let found = try #require(text.range(of: "1 finding about mine\n  1. swapped-strides: exactly what all 2"))
        let smallest = try #require(text.range(of: "smallest failing case of mine"))
        #expect(found.lowerBound < smallest.lowerBound)
        #expect(text.contains("mistake   The strides are swapped. (root#1)"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("repeat ") }, "\(text)")
    }

    @Test func everyOtherReportSaysIt() {
        let page = report(Self.events(Self.finding)) { MarkdownReporter(write: $0) }
        #expect(
            page.contains("#### mine: swapped-strides: exactly what all 2 failing cases answered\n\n- mistake: The"))
        let xml = report(Self.events(Self.finding)) { JUnitReporter(write: $0) }
        #expect(
            xml.contains(#"message="wrong [swapped-strides: exactly what all 2 failing cases answered]""#), "\(xml)")
        let lines = report(Self.events(Self.finding)) { JSONLinesReporter(write: $0) }
        #expect(
            lines.contains(
                #""faults":[{"name":"swapped-strides","source":"root#1","summary":"The strides are swapped."}]"#))
        #expect(lines.contains(#""type":"finding""#) && lines.contains(#""cases":["grid/a","grid/b"],"#), "\(lines)")
    }

    @Test func anEnginesNameDoesNoHarm() {
        var finding = Self.finding
        finding.engine = "mine"
        finding.smallest = "grid/\u{1B}[31m"
        let text = report(Self.events(finding)) { ConsoleReporter(write: $0) }
        #expect(!text.contains("\u{1B}"))
    }
}
