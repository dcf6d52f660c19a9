import Foundation
import Testing
import _TestSupport

/// `bench`, as a user calls it.
@Suite struct BenchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let cases = ["--case", "grid/b2-c3-f5-k3x2-s2x1-valid-int"]

    @Test func enginesAreTimedAndCompared() throws {
        let run = try Program.run(
            ["bench", "--engine", "direct", "--against", "im2col", "--rounds", "3", "--jsonl", folder.file("a.jsonl")]
                + cases, environment: ["COLUMNS": "80"])
        #expect(run.status == 0, "\(run.output)\(run.error)")
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(run.output)")
        #expect(lines.contains { $0.contains("engine") && $0.contains("GFLOP/s") })
        #expect(run.output.contains(#/times as long as im2col/#))
        let seed = try #require(run.output.firstMatch(of: #/data from seed (\d+)/#)?.1)
        let record = try String(contentsOfFile: folder.file("a.jsonl"), encoding: .utf8).split(separator: "\n")
        #expect(record.count == 4)
        #expect(record[0].contains(#""format":"convcheck-bench""#) && record[0].contains(#""version":2"#))
        #expect(record[1].contains(#""engine":"direct""#) && record[1].contains(#""ratios":["#))
        #expect(record[2].contains(#""engine":"im2col""#) && record[2].contains(#""status":"timed""#))
        #expect(record[3].contains("\"seed\":\(seed)") && !record[0].contains("\"seed\""))
    }

    @Test func anEngineThatIsWrongHasNoTime() throws {
        let run = try Program.run(["bench", "--engine", "fault:swapped-strides", "--rounds", "2"] + cases)
        #expect(run.status == 1)
        #expect(run.output.contains("NO TIME: fail in round 1: the answer"))
        #expect(run.output.contains("FAILED: 0 of engine and case"))
    }

    @Test func aFigureAboveAGivenPeakIsRefused() throws {
        let run = try Program.run(["bench", "--engine", "direct", "--rounds", "2", "--peak", "1e-9"] + cases)
        #expect(run.status == 1)
        #expect(run.output.contains("REFUSED: "))
    }

    @Test func listsAreTimed() throws {
        try folder.write("--dir=FWD_D,BWD_D --dt=f32,u8:s8:s32 ic3ih6oc4kh3\n", to: "list")
        let run = try Program.run(
            ["bench", "--engine", "direct", "--rounds", "2", "--problems", folder.file("list")])
        #expect(run.status == 0, "\(run.output)\(run.error)")
        #expect(run.output.contains("timed: 3 of engine and case"))
    }

    @Test func wrongUsage() throws {
        for (arguments, words) in [
            ([], "say what to time"), (cases + ["--rounds", "0"], "--rounds is 0"),
            (cases + ["--peak", "0"], "--peak is 0"),
            (["--suite", "invalid"], "has drawn data to time"),
        ] as [([String], String)] {
            let run = try Program.run(["bench", "--engine", "direct"] + arguments)
            #expect(run.status == 2 || run.status == 4)
            #expect(run.error.contains(words), "\(arguments): \(run.error)")
        }
    }
}
