import Conformance
import Foundation
import Testing

@testable import Reporting

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Whatever an engine or a golden file calls itself, says or notes: no report carries it to a terminal, a CI system or a
/// browser as anything but text.
struct HostileTextTests {
    static let texts = [
        "\u{1B}[2J\u{1B}]0;title\u{7}", "\u{9B}31m\u{9D}0;x\u{9C}", "a\u{0}b\u{7F}c\u{8}\u{8}\rd",
        "\u{202E}drowssap\u{2066}\u{200F}", "pass\u{200B}word\u{FEFF}\u{2060}\u{AD}",
        "one\u{2028}two\u{2029}three\u{85}four",
        "::error file=x::broken", "fine\n  ::set-output name=x::1", "fine\n##[error]broken",
        "a ##vso[task.complete result=Succeeded;]",
        "##teamcity[buildStatus]", "\u{A0}::warning::x", "::::group::",
        "<script>alert(1)</script>", "<!-- --> ]]> &amp;", "[link](http://x.y) ![image](http://x.y/z.png)",
        "`code` ```fence",
        "| a | b |\n|---|---|", "@everyone and a@b.example", "\u{FFFE}\u{FFFF}\u{1FFFF}", "\u{E000}\u{E0041}tag",
        "quote\" 'single' \\ backslash", String(decoding: [0x66, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80], as: UTF8.self),
        "",
    ]

    /// A run in which everything that comes from elsewhere is the text.
    static func events(_ text: String) throws -> [Event] {
        var header = RunHeader(
            engines: [.init(name: text, version: text, specification: text, capabilities: Capabilities())],
            suites: [.init(name: text, cases: 5)], planned: 5, suiteDigest: text, repeatArguments: ["--golden", text])
        header.engines.append(
            .init(name: "other \(text)", version: "", specification: "other", capabilities: Capabilities()))
        let caseHeader = SampleRun.header(text, text, note: text, source: text)
        let comparison = try SampleRun.comparison { $0[2] == 8 }
        let results = [
            Verdict(.fail, reason: text, comparison: comparison), Verdict(.unsupported, reason: text),
            Verdict(.pass, remark: text), Verdict(.error, reason: "first\n" + text), Verdict(.missing, reason: text),
        ].map { CaseResult(engine: text, header: caseHeader, isPreferredLayout: false, verdict: $0) }
        var summary = SampleRun.summary(of: results)
        summary.damage = [text]
        return [.started(header)] + results.map(Event.finished) + [.ended(summary)]
    }

    /// Fails where a text holds a character that cannot be seen, other than the given ones, or a command of a CI system.
    private func expectHarmless(_ text: String, except allowed: Set<Unicode.Scalar> = []) {
        for scalar in text.unicodeScalars
        where SafeText.isHarmful(scalar) && scalar != "\n" && !allowed.contains(scalar) {
            Issue.record("U+\(String(scalar.value, radix: 16)) in \(text)")
        }
        for line in text.split(separator: "\n") {
            #expect(line.drop(while: \.isWhitespace).prefix(2) != "::", "\(line)")
            #expect(!line.contains(/##(\[|vso\[|teamcity\[)/), "\(line)")
        }
    }

    @Test(arguments: texts) func theConsole(_ text: String) throws {
        for columns in [40, 80, 1000] {
            var options = ConsoleOptions()
            (options.columns, options.verbosity) = (columns, .verbose)
            expectHarmless(report(try Self.events(text)) { ConsoleReporter(options: options, write: $0) })
        }
    }

    @Test(arguments: texts) func theProgressLine(_ text: String) throws {
        var options = ConsoleOptions()
        options.showsProgress = true
        let shown = report(try Self.events(text)) { ConsoleReporter(options: options, write: $0) }
        expectHarmless(shown.replacing("\r", with: "\n").replacing("\u{1B}[K", with: ""))
    }

    @Test(arguments: texts) func markdown(_ text: String) throws {
        let page = report(try Self.events(text)) { MarkdownReporter(write: $0) }
        expectHarmless(page, except: ["\u{200B}"])
        // Outside of the fenced blocks nothing of it is markup, once what is escaped is left out.
        let blocks = page.split(separator: /(?m)^(`{3,})text\n(?s:.)*?\n\1$/)
            .map { $0.replacing(/\\./, with: "") }
        for block in blocks {
            #expect(!block.contains(/<(script|!--)/), "\(block)")
            #expect(!block.contains("`"), "\(block)")
            #expect(!block.contains("]("), "\(block)")
            #expect(!block.contains(/@\w/), "\(block)")
            #expect(!block.contains("http://"), "\(block)")
        }
        // Every row of the table has the columns of its head.
        let rows = blocks.joined(separator: "\n").split(separator: "\n").filter { $0.hasPrefix("| ") }
        #expect(rows.count == 4)
        for row in rows { #expect(row.count { $0 == "|" } == 4, "\(row)") }
    }

    @Test(arguments: texts) func junit(_ text: String) throws {
        let markup = report(try Self.events(text)) { JUnitReporter(write: $0) }
        expectHarmless(markup)
        let root = try #require(try XMLDocument(xmlString: markup).rootElement())
        #expect(root.elements(forName: "testsuite").flatMap { $0.elements(forName: "testcase") }.count == 5)
    }

    @Test(arguments: texts) func theRecordHoldsWhatArrived(_ text: String) throws {
        let record = report(try Self.events(text)) { JSONLinesReporter(write: $0) }
        expectHarmless(record)
        let lines = record.split(separator: "\n")
        #expect(lines.count == 7)
        struct Line: Decodable {
            struct Cause: Decodable { var words: String }
            var engine: String?
            var cause: Cause?
            var engines: [Engine]?
            struct Engine: Decodable { var name: String }
        }
        let read = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        // Code point by code point: `==` takes canonically equivalent texts for one.
        #expect(read[0].engines?.first.map { Array($0.name.unicodeScalars) } == Array(text.unicodeScalars))
        #expect(read[1].cause.map { Array($0.words.unicodeScalars) } == Array(text.unicodeScalars))
        #expect(read[1].engine.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }
}
