import Conformance
import Foundation
import Testing

@testable import Reporting

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct JUnitTests {
    private func document(_ events: [Event]) throws -> XMLElement {
        let text = report(events) { JUnitReporter(write: $0) }
        return try #require(try XMLDocument(xmlString: text).rootElement())
    }

    private func count(_ element: XMLElement, _ name: String) throws -> Int {
        try #require(element.attribute(forName: name)?.stringValue.flatMap { Int($0) })
    }

    @Test func countsAreThoseOfTheElements() throws {
        let root = try document(try SampleRun.events())
        let suites = root.elements(forName: "testsuite")
        #expect(
            suites.map { $0.attribute(forName: "name")?.stringValue } == [
                "direct.grid", "direct.numerics", "mine.grid", "mine.numerics",
            ])
        let kinds = ["tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"]
        for (attribute, element) in kinds {
            for suite in suites {
                let tests = suite.elements(forName: "testcase")
                let found = element == "testcase" ? tests : tests.flatMap { $0.elements(forName: element) }
                #expect(try count(suite, attribute) == found.count)
            }
            if attribute != "skipped" {
                #expect(try count(root, attribute) == suites.reduce(0) { $0 + (try count($1, attribute)) })
            }
        }
        #expect(try count(root, "failures") == 5)
        #expect(try count(root, "errors") == 5)
        #expect(try suites.reduce(0) { $0 + (try count($1, "skipped")) } == 1)
    }

    /// The attributes and children that the schemas of Jenkins (junit-10.xsd) and of Ant's successors have in common.
    @Test func everySchemaKnowsTheDocument() throws {
        let attributes = [
            "testsuites": ["name", "tests", "failures", "errors", "time"],
            "testsuite": ["name", "tests", "failures", "errors", "skipped", "time"],
            "testcase": ["classname", "name", "time"], "failure": ["message", "type"], "error": ["message", "type"],
            "skipped": ["message"],
        ]
        let children = [
            "testsuites": ["testsuite"], "testsuite": ["testcase"], "testcase": ["failure", "error", "skipped"],
        ]
        func check(_ element: XMLElement) throws {
            let name = try #require(element.name)
            #expect((element.attributes ?? []).compactMap(\.name) == attributes[name])
            for case let child as XMLElement in element.children ?? [] {
                #expect(children[name, default: []].contains(try #require(child.name)))
                try check(child)
            }
        }
        try check(try document(try SampleRun.events()))
    }

    @Test func timesAddUp() throws {
        let suite = try #require(try document(try SampleRun.events()).elements(forName: "testsuite").first)
        #expect(suite.attribute(forName: "time")?.stringValue == "0.000750")
    }

    @Test func namesAreUnique() throws {
        let tests = try document(try SampleRun.events()).elements(forName: "testsuite").flatMap {
            $0.elements(forName: "testcase")
        }
        let names = tests.map { "\($0.attribute(forName: "classname")!) \($0.attribute(forName: "name")!)" }
        #expect(Set(names).count == names.count)
        #expect(names.filter { $0.contains("[NHWC/OIHW]") }.count == 1)
    }

    @Test(arguments: [
        "<b>&amp;</b> \"quoted\" 'single' ]]> <![CDATA[ <!-- -- -->",
        "\u{0}\u{1}\u{8}\u{B}\u{C}\u{1B}[31m\u{1F}\u{7F}\u{85}",
        "emoji 🙂 and e\u{301}", "noncharacters \u{FFFE}\u{FFFF}\u{1FFFF}", "a\r\nb\rc\nd\te\u{2028}f",
    ])
    func nastyTextIsWellFormed(_ text: String) throws {
        let header = SampleRun.header("s", "c \(text)", note: text, source: text)
        let results = [
            CaseResult(engine: text, header: header, verdict: Verdict(.fail, reason: text)),
            CaseResult(engine: text, header: header, verdict: Verdict(.error, reason: text)),
            CaseResult(engine: text, header: header, verdict: Verdict(.unsupported, reason: text)),
        ]
        let events = results.map(Event.finished) + [.ended(SampleRun.summary(of: results))]
        let markup = report(events) { JUnitReporter(write: $0) }
        for scalar in markup.unicodeScalars {
            #expect(scalar == "\n" || scalar == "\t" || scalar.value >= 0x20)
            #expect(scalar.value != 0xFFFE && scalar.value != 0xFFFF)
        }
        let tests = try document(events).elements(forName: "testsuite").flatMap { $0.elements(forName: "testcase") }
        #expect(tests.count == 3)
        let failure = try #require(tests.first?.elements(forName: "failure").first)
        #expect(failure.attribute(forName: "message")?.stringValue == XMLDocumentText.read(SafeText.line(text)))
    }

    @Test func theExplanationIsTheText() throws {
        let failure = try #require(
            try document(try SampleRun.events()).elements(forName: "testsuite")[2].elements(forName: "testcase")[0]
                .elements(forName: "failure").first)
        let text = try #require(failure.stringValue)
        for part in ["[0, 0, 8, 0]", "only the last column (8)", "convcheck run --engine"] {
            #expect(text.contains(part))
        }
    }

    @Test func nothingIsWrittenBeforeTheEnd() throws {
        #expect(report(try SampleRun.events().dropLast()) { JUnitReporter(write: $0) } == "")
    }
}

/// What a reader of XML 1.0 makes of a text.
private enum XMLDocumentText {
    static func read(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value == 0xFFFE || $0.value == 0xFFFF ? "\u{FFFD}" : $0 }))
    }
}
