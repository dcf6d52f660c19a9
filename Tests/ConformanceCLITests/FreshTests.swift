import Foundation
import Testing
import _TestSupport

/// `run --fresh`, as a user calls it.
@Suite struct FreshTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let wrong = ["run", "--engine", "fault:swapped-strides", "--case", "grid/b2-*-s2x1-*", "--no-diagnosis"]

    @Test func theSeedIsToldAtTheEndAndRepeatsTheRun() throws {
        let first = try Program.run(
            ["run", "--engine", "direct", "--suite", "examples", "--fresh", "--jsonl", folder.file("a.jsonl")])
        #expect(first.status == 0)
        let told = try #require(first.output.firstMatch(of: #/fresh data from seed (\d+): (\d+) cases drawn/#))
        let seed = String(told.1)
        let record = try String(contentsOfFile: folder.file("a.jsonl"), encoding: .utf8)
        let lines = record.split(separator: "\n")
        #expect(lines.dropLast().allSatisfy { !$0.contains(seed) })
        #expect(lines.last?.contains("\"fresh\":{\"drawn\":\(told.2),\"seed\":\(seed),\"stored\":") == true)
        #expect(lines[0].contains(#""repeat":["--fresh","SEED"]"#))
        let again = try Program.run([
            "run", "--engine", "direct", "--suite", "examples", "--fresh", seed, "--jsonl", folder.file("b.jsonl"),
        ])
        #expect(again.status == 0)
        func seeds(_ name: String) throws -> [String] {
            try String(contentsOfFile: folder.file(name), encoding: .utf8).matches(of: #/"seed":\d+/#)
                .map { String($0.0) }
        }
        #expect(try seeds("a.jsonl") == seeds("b.jsonl"))
        let report = try Program.run(["report", folder.file("a.jsonl")])
        #expect(report.output == first.output)
    }

    @Test func whatFailedIsRunAgainOnTheSameData() throws {
        let run = try Program.run(wrong + ["--fresh", "--jsonl", folder.file("a.jsonl")])
        #expect(run.status == 1)
        #expect(run.output.contains("--fresh SEED"))
        let again = try Program.run([
            "run", "--rerun-failed", folder.file("a.jsonl"), "--jsonl", folder.file("b.jsonl"),
        ])
        #expect(again.status == 1)
        let seed = try #require(run.output.firstMatch(of: #/from seed (\d+)/#)?.1)
        #expect(again.output.contains("fresh data from seed \(seed): "))
        let diagnosis = try Program.run(["diagnose", folder.file("a.jsonl")])
        #expect(diagnosis.output.contains("swapped-strides: exactly what all"))
    }

    @Test func shardsDrawFromOneSeed() throws {
        for shard in ["1/2", "2/2"] {
            let name = "\(shard.prefix(1)).jsonl"
            _ = try Program.run(wrong + ["--fresh", "9", "--shard", shard, "--jsonl", folder.file(name)])
        }
        let merged = try Program.run([
            "merge", folder.file("1.jsonl"), folder.file("2.jsonl"), "--output", folder.file("all.jsonl"),
        ])
        #expect(merged.status == 0, "\(merged.error)")
        let report = try Program.run(["report", folder.file("all.jsonl"), "--quiet"])
        #expect(report.output.contains("fresh data from seed 9: "))
        _ = try Program.run(wrong + ["--fresh", "10", "--shard", "2/2", "--jsonl", folder.file("2.jsonl")])
        let refused = try Program.run([
            "merge", folder.file("1.jsonl"), folder.file("2.jsonl"), "--output", folder.file("all.jsonl"),
        ])
        #expect(refused.status == 2)
        #expect(refused.error.contains("their fresh data are from seed 10 and seed 9"))
        let unsaid = try Program.run(wrong + ["--fresh", "--shard", "1/2"])
        #expect(unsaid.status == 2)
        #expect(unsaid.error.contains("--fresh with --shard needs a seed"))
    }

    @Test func aSeedThatIsNoNumberIsRefused() throws {
        for word in ["x", "1.5", "18446744073709551616"] {
            #expect(try Program.run(["run", "--engine", "direct", "--fresh=\(word)"]).status == 2)
        }
    }
}
