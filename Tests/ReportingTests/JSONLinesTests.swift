import Conformance
import Convolution
import Foundation
import Testing

@testable import Reporting

/// What a program that reads the record finds in it.
struct JSONLinesTests {
    /// Each line, read back by a parser.
    private func records(_ events: [Event]) throws -> [[String: Any]] {
        let text = report(events) { JSONLinesReporter(write: $0) }
        #expect(text.hasSuffix("\n"))
        return try text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func everyLineIsAnObject() throws {
        let records = try records(try SampleRun.events())
        let results = try SampleRun.results()
        #expect(records.map { $0["type"] as? String } == ["header"] + results.map { _ in "case" } + ["footer"])
        #expect(records[0]["format"] as? Int == 8)
        #expect(records[0]["suite_digest"] as? String == "sha256:0123456789abcdef")
        for (record, result) in zip(records.dropFirst(), results) {
            #expect(record["case"] as? String == result.header.id)
            #expect(record["engine"] as? String == result.engine)
            #expect(record["status"] as? String == result.status.rawValue)
            #expect(record["layout"] as? String == result.layouts.description)
            #expect(record["seconds"] as? Double == result.seconds)
            let comparison = record["comparison"] as? [String: Any]
            #expect(comparison?["mismatched"] as? Int == result.verdict.comparison?.mismatched)
        }
    }

    @Test func footerCountsEveryStatus() throws {
        let records = try records(try SampleRun.events())
        let counts = try #require(records.last?["counts"] as? [String: Int])
        #expect(Set(counts.keys) == Set(Status.allCases.map(\.rawValue)))
        for status in Status.allCases {
            let cases = records.filter { $0["status"] as? String == status.rawValue }
            #expect(counts[status.rawValue] == cases.count)
        }
        #expect(records.last?["exit"] as? Int == 1)
        #expect(records.last?["damage"] == nil)
    }

    @Test func damageIsInTheFooterOnce() throws {
        var summary = RunSummary()
        summary.damage = ["grid.h5: checksum", "grid.h5: checksum", "tails.h5: truncated"]
        let records = try records([.ended(summary)])
        #expect(records[0]["damage"] as? [String] == ["grid.h5: checksum", "tails.h5: truncated"])
        #expect(records[0]["exit"] as? Int == 5)
    }

    @Test func linesAreWrittenAtOnce() throws {
        var written: [String] = []
        let reporter = JSONLinesReporter { written.append($0) }
        let events = try SampleRun.events().dropLast()
        for (place, event) in events.enumerated() {
            reporter.receive(event)
            #expect(written.count == place + 1)
            #expect(written[place].filter(\.isNewline).count == 1)
        }
        #expect(!written.contains { $0.contains("footer") })
    }

    @Test(arguments: [
        (Double.nan, "NaN"), (.infinity, "Infinity"), (-.infinity, "-Infinity"),
    ])
    func numbersWithoutJSONAreStrings(_ number: Double, _ word: String) throws {
        let mismatch = Mismatch(
            kind: .infinity, index: [0, 1, 2, 3], want: number, got: number, allowed: number, ratio: number,
            ulp: nil)
        let comparison = Comparison(elements: 1, mismatched: 1, ratio: number, rms: number, worst: [mismatch])
        let result = CaseResult(
            engine: "e", header: SampleRun.header("s", "c"), verdict: Verdict(.fail, .mismatch, comparison: comparison))
        let record = try #require(try records([.finished(result)])[0]["comparison"] as? [String: Any])
        let worst = try #require((record["worst"] as? [[String: Any]])?.first)
        #expect(worst["want"] as? String == word)
        #expect(worst["got"] as? String == word)
        #expect(worst["allowed"] as? String == word)
        #expect(record["ratio"] as? String == word)
        #expect(record["rms"] as? String == word)
        #expect(worst["index"] as? [Int] == [0, 1, 2, 3])
    }
}
