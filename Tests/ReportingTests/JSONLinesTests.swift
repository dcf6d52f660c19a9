import Conformance
import Convolution
import Foundation
import Testing

@testable import Reporting

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
        #expect(records[0]["format"] as? Int == 1)
        #expect(records[0]["suite_digest"] as? String == "sha256:0123456789abcdef")
        for (record, result) in zip(records.dropFirst(), results) {
            #expect(record["case"] as? String == result.header.id)
            #expect(record["engine"] as? String == result.engine)
            #expect(record["status"] as? String == result.status.rawValue)
            #expect(record["layout"] as? String == result.layouts.description)
            #expect(record["reason"] as? String == result.verdict.reason)
            #expect(record["seconds"] as? Double == result.seconds)
            #expect(record["mismatched"] as? Int == result.verdict.comparison?.mismatched ?? 0)
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
            kind: .infinity, index: [0, 1, 2, 3], want: number, got: Float(number), allowed: number, ratio: number,
            ulp: nil)
        let comparison = Comparison(elements: 1, mismatched: 1, ratio: number, rms: number, worst: [mismatch])
        let result = CaseResult(
            engine: "e", header: SampleRun.header("s", "c"), verdict: Verdict(.fail, comparison: comparison))
        let record = try records([.finished(result)])[0]
        let worst = try #require(record["worst"] as? [String: Any])
        #expect(worst["want"] as? String == word)
        #expect(worst["got"] as? String == word)
        #expect(worst["allowed"] as? String == word)
        #expect(record["ratio"] as? String == word)
        #expect(record["rms"] as? String == word)
        #expect(worst["index"] as? [Int] == [0, 1, 2, 3])
    }

    @Test func whatComputedAnAnswerIsRecorded() throws {
        var verdict = Verdict(.pass)
        verdict.computation = Computation(
            algorithm: .winograd, tile: Extent(height: 4, width: 2), arithmetic: .tf32, implementation: "w42 \u{1B}[1m")
        let result = CaseResult(engine: "e", header: SampleRun.header("s", "c"), verdict: verdict)
        let record = try records([.finished(result)])[0]
        #expect(record["algorithm"] as? String == "winograd")
        #expect(record["tile"] as? [Int] == [4, 2])
        #expect(record["arithmetic"] as? String == "tf32")
        #expect(record["implementation"] as? String == "w42 \u{1B}[1m")
        verdict.computation = nil
        let other = CaseResult(engine: "e", header: SampleRun.header("s", "c"), verdict: verdict)
        let unsaid = try records([.finished(other)])[0]
        #expect(unsaid["algorithm"] == nil)
        #expect(unsaid["tile"] == nil)
    }

    @Test func whatAnEngineDeclaresIsRecorded() throws {
        let capabilities = Capabilities(negativePads: true, algorithm: .winograd, tile: Extent(height: 6, width: 1))
        let identity = RunHeader.EngineIdentity(
            name: "e", version: "1", specification: "e", capabilities: capabilities)
        let header = RunHeader(engines: [identity], suites: [], planned: 0, suiteDigest: "")
        let engines = try #require(try records([.started(header)])[0]["engines"] as? [[String: Any]])
        #expect(engines[0]["algorithm"] as? String == "winograd")
        #expect(engines[0]["tile"] as? [Int] == [6, 1])
        #expect(engines[0]["negative_pads"] as? Bool == true)
    }

    @Test func numbersComeBackAsTheyWere() throws {
        let (want, got) = (0.1 + 0.2, Float(0.3).nextUp)
        let mismatch = Mismatch(
            kind: .value, index: [0, 0, 0, 0], want: want, got: got, allowed: .leastNonzeroMagnitude, ratio: .pi, ulp: 1
        )
        let comparison = Comparison(elements: 1, mismatched: 1, ratio: .pi, worst: [mismatch])
        let result = CaseResult(
            engine: "e", header: SampleRun.header("s", "c"), verdict: Verdict(.fail, comparison: comparison))
        let line = report([.finished(result)]) { JSONLinesReporter(write: $0) }
        let worst = try JSONDecoder().decode(Line.self, from: Data(line.utf8)).worst
        #expect(worst.want == want)
        #expect(worst.got == Double(got))
        #expect(worst.allowed == .leastNonzeroMagnitude)
        #expect(worst.ratio == .pi)
        #expect(worst.ulp == 1)
    }

    /// JSONSerialization reads some numbers as decimals, which lose a digit on their way to a Double.
    private struct Line: Decodable {
        struct Worst: Decodable {
            var want: Double
            var got: Double
            var allowed: Double
            var ratio: Double
            var ulp: Int
        }

        var worst: Worst
    }
}
