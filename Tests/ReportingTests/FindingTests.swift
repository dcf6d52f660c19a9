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

    @Test func whatWrongAnswersLookLikeIsSaidWithItsCounts() {
        var answers = WrongAnswers(answers: 4, content: .zero)
        answers.place = Rule(
            conditions: [Condition("in the last row", .holds), Condition("column", .leaves(3, dividedBy: 8))],
            failing: 5, allFailing: 5, passing: 0, allPassing: 90)
        func texts(_ answers: WrongAnswers) -> [String] {
            WrongAnswersText(answers).parts.map { "\($0.label): \($0.text)" }
        }
        #expect(
            texts(answers) == [
                "elements: all 5 elements in the last row and with column that leaves 3 when divided by 8 are wrong, "
                    + "none of the other 90 is, as far as 4 answers were looked at",
                "instead: wrong elements are zero",
            ])
        (answers.answers, answers.content) = (1, nil)
        answers.place?.conditions = [.init("row", .atLeast(9))]
        answers.place?.failing = 4
        answers.place?.passing = 2
        answers.precision = .init(bits: 11, isOfAnswers: true, isTowardZero: true)
        #expect(
            texts(answers) == [
                "elements: 4 of 6 elements with row 9 or more are wrong, 1 of the other 89 as well, as far as 1 answer was "
                    + "looked at",
                "precision: answers have 11 significant bits at most, as float16 and TF32 have, and what is lost is always "
                    + "cut off",
            ])
    }

    /// A failure that depends on what was asked before is repeated with that.
    @Test func aHistoryHasItsCommand() {
        var finding = Self.finding
        finding.history = History(layouts: .golden, status: .fail)
        let command = RepeatCommand(executable: "convcheck")
        let engine = #"'cmd:python3 my engine.py --it'\''s'"#
        func line() -> String? {
            FindingText(finding, command: command, of: SampleRun.header).parts.first { $0.label == "repeat" }?.text
        }
        #expect(line() == nil)
        finding.history?.alone.passed = 8
        finding.history?.sequel = .init(cases: ["grid/a", "grid/it's"], tally: .init(failed: 8))
        #expect(
            line() == #"convcheck run --engine "# + engine
                + #" --case grid/a --case 'grid/it'\''s' --case grid/b --in-order --layouts all "#
                + "--golden 'my goldens'",
            "\(line() ?? "")")
        let text = report(Self.events(finding)) { ConsoleReporter(write: $0) }
        #expect(text.contains("--case grid/b --in-order --layouts all --golden 'my goldens'\n"), "\(text)")
        finding.history?.sequel = nil
        finding.history?.calls = [[.passed, .failed], [.passed, .failed]]
        #expect(
            line() == "convcheck run --engine \(engine) --case grid/b --repeat 2 --layouts all --golden 'my goldens'",
            "\(line() ?? "")")
        finding.history?.calls = []
        #expect(line() == nil)
    }

    private static func history(_ change: (inout History) -> Void) -> String {
        var history = History(layouts: .golden, status: .fail)
        change(&history)
        return HistoryText(history).text
    }

    @Test func aHistoryIsOneSentenceWithItsCounts() {
        #expect(
            Self.history {
                $0.alone.failed = 2
                $0.sequel = .init(cases: ["grid/a"], tally: .init(failed: 2))
            } == "the smallest fails alone: as the first case of 2 of 2 fresh processes; after grid/a too (2 of 2)")
        #expect(
            Self.history {
                ($0.status, $0.alone.passed) = (.crash, 8)
                $0.sequel = .init(cases: ["grid/a"], tally: .init(failed: 8), shared: ["input shape"])
                $0.echo = .answerBefore
            }
                == "the smallest crashes only after another case, such as grid/a: 8 of 8 times in fresh processes, and passed "
                + "alone 8 of 8 times; both have the same input shape; it then answers what it answered before, element by "
                + "element")
        #expect(
            Self.history {
                $0.alone.failed = 8
                $0.calls = Array(repeating: [.failed, .passed, .passed], count: 2)
            }
                == "the smallest fails as the first call of a process only: of 8 of 8 fresh processes; asked the same again, up "
                + "to the 3rd call, it passed each time")
        #expect(
            Self.history {
                $0.alone.passed = 2
                $0.calls = Array(repeating: [.passed, .failed, .passed, .failed], count: 2)
            }
                == "the smallest fails by the number of the call: asked the same 4 times in a row, each of 2 fresh processes "
                + "failed the 2nd, 4th")
        #expect(
            Self.history { $0.alone = .init(failed: 2, passed: 6) }
                == "the smallest fails about one time in 4: 2 of 8 times, alone in fresh processes")
    }

    /// Too little, or a contradiction, is never told as more.
    @Test func whatIsNotConclusiveSaysSo() {
        #expect(
            Self.history { $0.limit = .inProcess }.hasPrefix("the smallest was not asked again: the engine runs inside")
        )
        #expect(Self.history { $0.limit = .time } == "the smallest was not asked again: there was no time for more")
        let few = Self.history {
            $0.alone.passed = 3
            $0.sequel = .init(cases: ["grid/a"], tally: .init(failed: 3))
            $0.limit = .time
        }
        #expect(
            few.contains("which is not conclusive: alone in fresh processes 0 failed, 3 passed; after grid/a 3 failed"))
        #expect(Self.history { $0.alone = .init(passed: 2, other: 1) }.contains("1 ended otherwise"))
        #expect(
            Self.history {
                $0.alone.passed = 2
                $0.calls = [[.passed, .passed], [.passed, .passed]]
            }.hasPrefix("the smallest passed in fresh processes, asked 4 times alone: not conclusive."))
    }

    @Test func everyReportHasTheHistory() {
        var finding = Self.finding
        finding.history = History(layouts: .golden, status: .fail)
        finding.history?.alone.failed = 2
        let words = "fails alone: as the first case of 2 of 2 fresh processes"
        #expect(
            report(Self.events(finding)) { ConsoleReporter(write: $0) }.contains("history   the smallest fails alone"))
        #expect(report(Self.events(finding)) { JUnitReporter(write: $0) }.contains(words))
        #expect(report(Self.events(finding)) { MarkdownReporter(write: $0) }.contains(words))
        #expect(report(Self.events(finding)) { HTMLReporter(write: $0) }.contains(words))
        finding.candidates = []
        finding.rule = nil
        finding.history?.status = .crash
        #expect(FindingText(finding).title == "all 2 failing cases crash")
    }

    /// Where failures are not shown, findings are all that there is.
    @Test func quietWithoutFailuresStillHasTheFindings() {
        var options = ConsoleOptions()
        options.verbosity = .quiet
        #expect(!report(Self.events(Self.finding)) { ConsoleReporter(options: options, write: $0) }.contains("finding"))
        options.explainsFailures = false
        let text = report(Self.events(Self.finding)) { ConsoleReporter(options: options, write: $0) }
        #expect(text.hasPrefix("1 finding about mine\n  1. swapped-strides"))
        #expect(!text.contains("repeat") && text.contains("\n\nFAILED: "))
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
