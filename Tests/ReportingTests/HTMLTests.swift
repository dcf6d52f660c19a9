import Conformance
import Convolution
import Foundation
import Testing

@testable import Reporting

/// The page, as far as it can be read without a browser; Tests/ScriptsTests/report looks at it in one.
struct HTMLTests {
    private func page(_ events: [Event], limit: Int = 2000) -> String {
        report(events) { HTMLReporter(failureLimit: limit, write: $0) }
    }

    /// The lines of one of the page's blocks of data.
    private func block(_ name: String, of page: String) throws -> [[String: Any]] {
        let start = try #require(page.range(of: "id=\"\(name)\">\n"))
        let rest = page[start.upperBound...]
        let end = try #require(rest.range(of: "</script>"))
        return try rest[..<end.lowerBound].split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func everyFailureHasARowAndDetails() throws {
        let page = page(try SampleRun.events())
        let (rows, details) = (try block("rows", of: page), try block("details", of: page))
        // Of what was not run for one reason there is one.
        #expect(rows.count == 9)
        #expect(details.count == 9)
        #expect(rows.compactMap { $0["status"] as? String }.sorted().prefix(2) == ["crash", "error"])
        let run = try #require(try block("run", of: page).first)
        #expect(run["failures"] as? Int == 9)
        #expect(run["untold"] as? Int == 1)
        #expect(run["passed"] as? Bool == false)
        #expect((run["sentence"] as? String)?.hasPrefix("FAILED: 10 of 15 checks") == true)
        #expect((run["unsupported"] as? [Any])?.count == 1)
        let command = try #require(details.first?["command"] as? String)
        #expect(command.contains("convcheck run --engine 'cmd:python3 my engine.py --it'\\''s' --case "))
        // The whole page, and nothing beside it.
        #expect(page.hasPrefix("<!doctype html>\n"))
        #expect(page.hasSuffix("</html>\n"))
        #expect(!page.contains("http://") && !page.contains("src=\"http"))
    }

    @Test(arguments: HostileTextTests.texts + ["</script><script>alert(1)</script>", "<!--<script>"])
    func textIsNeverMarkup(_ text: String) throws {
        let plain = page(try SampleRun.events())
        let hostile = page(try HostileTextTests.events(text))
        // What the page says of itself is all that is not data; nothing in the data begins a tag.
        for tag in ["<script", "</script", "<!--", "<img", "<b>"] {
            let count = { (page: String) in page.lowercased().components(separatedBy: tag).count }
            #expect(count(hostile) == count(plain), "\(tag) in \(text)")
        }
        for scalar in hostile.unicodeScalars where SafeText.isHarmful(scalar) && scalar != "\n" {
            Issue.record("U+\(String(scalar.value, radix: 16)) in \(text)")
        }
        #expect(try block("rows", of: hostile).count == 3)
    }

    @Test func ofManyFailuresEachEngineShowsItsSmallest() throws {
        let header = RunHeader(
            engines: ["few", "many"].map {
                .init(name: $0, version: "1", specification: $0, capabilities: Capabilities())
            }, suites: [.init(name: "s", cases: 40)], planned: 43)
        let results = [("few", 3), ("many", 40)].flatMap { engine, count in
            (0..<count).map { place in
                let problem = Problem(input: [1, 60 - place, 8, 1], filter: [1, 1, 1, 1])
                return CaseResult(
                    engine: engine, header: SampleRun.header("s", "\(place)", problem: problem),
                    verdict: Verdict(.crash, reason: "x"))
            }
        }
        let events = [.started(header)] + results.map(Event.finished) + [.ended(SampleRun.summary(of: results))]
        let rows = try block("rows", of: page(events, limit: 10))
        #expect(rows.map { $0["engine"] as? Int } == [0, 0, 0] + [Int](repeating: 1, count: 7))
        #expect(rows.map { $0["id"] as? String }.suffix(2) == ["s/34", "s/33"])
        #expect(rows[3]["id"] as? String == "s/39")
        #expect(try block("run", of: page(events, limit: 10)).first?["failures"] as? Int == 43)
    }

    @Test func marginsAreCountedUpToTheLimit() {
        var margins = Margins()
        let result = CaseResult(engine: "e", header: SampleRun.header("s", "a"), verdict: Verdict(.pass))
        for ratio in [0, 0.05, 0.051, 0.5, 0.999, 1] { margins.count(ratio, of: result) }
        #expect(margins.exact == 1)
        #expect(margins.counts[0] == 1)
        #expect(margins.counts[1] == 1)
        #expect(margins.counts[9] == 1)
        #expect(margins.counts[19] == 2)
        #expect(margins.nearest.map(\.ratio) == [1, 0.999, 0.5, 0.051, 0.05])
    }

    @Test func choicesAreCountedByEngine() {
        var choices = ChoiceTally()
        choices.count("subnormal-flush: kept", of: "a")
        choices.count("subnormal-flush: kept; winograd: spread", of: "a")
        choices.count("subnormal-flush: kept in 3, flushed in 5 of 8 elements", of: "b")
        let rows = choices.rows(engines: ["a", "b"])
        #expect(rows.map(\.choice) == ["subnormal-flush", "winograd"])
        #expect(rows[0].answers[0].map(\.0) == ["kept"] && rows[0].answers[0].map(\.1) == [2])
        #expect(rows[0].answers[1].map(\.0) == ["both, within one case"])
        #expect(rows[1].answers[1].isEmpty)
    }
}
