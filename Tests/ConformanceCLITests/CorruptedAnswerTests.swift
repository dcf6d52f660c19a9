import Foundation
import Testing
import _TestSupport

/// Engines whose answers are spoiled in dozens of ways, from the start to the report.
@Suite struct CorruptedAnswerTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "corrupting_engine.py").path(percentEncoded: false)

    @Test func everyCaseIsAccountedForWhateverItIsAnswered() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "count")
        let record = folder.file("run.jsonl")
        let outcome = try Program.run([
            "run", "--engine", "cmd:/usr/bin/python3 -I -S \(Self.script) \(folder.file("count"))", "--suite", "grid",
            "--shard",
            "1/12", "--jobs", "1", "--timeout", "0.5", "--no-diagnosis", "--no-history", "--jsonl", record, "--junit",
            folder.file("a.xml"), "--markdown", folder.file("a.md"), "--html", folder.file("a.html"),
        ])
        #expect(outcome.status == 1, "\(outcome.error)")
        // Each of its ways, and every fourth time none.
        #expect(try Data(contentsOf: URL(filePath: folder.file("count"))).count >= 66)
        let text = try String(contentsOfFile: record, encoding: .utf8)
        let counts = Dictionary(grouping: text.matches(of: /"status":"([a-z]+)"/).map { String($0.1) }, by: \.self)
            .mapValues(\.count)
        #expect(
            Set(counts.keys).isSubset(of: ["fail", "error", "crash", "timeout", "unsupported", "pass"]), "\(counts)")
        for status in ["fail", "error", "timeout"] { #expect(counts[status] ?? 0 > 0, "\(counts)") }
        #expect(counts["missing"] == nil && counts["pass"] ?? 0 == 0, "\(counts)")
        // Nothing of it steers a terminal, or is cut short by what it says.
        for text in [outcome.output, outcome.error] {
            #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0 == "\u{202E}" })
            #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count < 5_000 })
        }
        // The record is whole, and says the same again.
        let again = try Program.run(["report", record])
        #expect(again.status == 1 && again.output == outcome.output, "\(again.error)")
    }

    @Test(arguments: [
        "{\"type\":\"hello\"", "\\xff\\xfe\\n",
        "{\"type\":\"hello\",\"protocol\":1,\"engine\":{\"name\":\"\\x1b[31m\"}}\\n{}\\n", "",
        "{\"type\":\"hello\",\"protocol\":1e999,\"engine\":{\"name\":\"x\"}}\\n",
    ])
    func aSpoiledGreetingIsNotStarted(_ greeting: String) throws {
        let outcome = try Program.run([
            "run", "--engine", "cmd:/usr/bin/printf '\(greeting)'", "--suite", "examples", "--start-timeout", "20",
        ])
        #expect(outcome.status == 3, "\(outcome.output)\(outcome.error)")
        #expect(outcome.error.contains("could not be started: "), "\(outcome.error)")
        #expect(!(outcome.output + outcome.error).contains("\u{1B}"))
    }
}
