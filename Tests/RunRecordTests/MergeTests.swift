import Conformance
import Convolution
import RunRecord
import Testing

/// The records of shards are merged to the one that a whole run would have left.
struct MergeTests {
    /// A run of real engines, one of them wrong, over cases of two suites; or one shard of it.
    private func record(
        shard: RunHeader.Shard? = nil,
        problem: (Int) -> Problem = { _ in Problem(input: [1, 1, 2, 1], filter: [1, 1, 1, 1]) }
    ) throws -> RunRecord {
        let cases = (0..<70).map { place in
            let problem = problem(place)
            let header = CaseHeader(
                suite: place < 40 ? "a" : "b", name: String(place + 100), problem: problem, data: .integer)
            let one = Tensor<Float>(repeating: 1, shape: problem.input)
            return GoldenCase(
                header: header, input: one, filter: Tensor(repeating: 1, shape: [1, 1, 1, 1]),
                output: .init(expected: Tensor(repeating: 1, shape: one.shape), magnitude: one))
        }
        let layouts = Capabilities(inputLayouts: [.nhwc, .nchw], filterLayouts: [.hwio])
        struct Constant: Engine {
            let capabilities: Capabilities
            let value: Float

            func convolve(
                _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
            ) throws -> Tensor<Float> {
                Tensor(repeating: value, shape: input.shape, order: input.order)
            }
        }
        let engines = try [("right", Float(1)), ("wrong", 2)].map { name, value in
            try InProcessEngine(name: name) { Constant(capabilities: layouts, value: value) }
        }
        let source = CaseList(cases)
        let chosen = shard.map { shard in
            stride(from: shard.index - 1, to: cases.count, by: shard.count).map { cases[$0].header }
        }
        var runner = Runner(engines: engines, source: source, cases: chosen ?? source.cases)
        runner.shard = shard
        runner.layouts = .all
        var events: [Event] = []
        runner.run { events.append($0) }
        return try RunRecord(bytes: Array(events.map(RecordFormat.line).joined().utf8), file: "run")
    }

    /// The lines of a record with every time at 0.
    private func timeless(_ record: RunRecord) -> String {
        var record = record
        for place in record.results.indices { (record.results[place].seconds, record.results[place].turn) = (0, nil) }
        record.summary.seconds = 0
        return record.text
    }

    private func refusal(_ parts: [RunRecord]) -> String {
        do throws(MergeRefusal) {
            _ = try RunRecord.merging(parts.enumerated().map { ("r\($0)", $1) })
            return "merged"
        } catch {
            return error.description
        }
    }

    @Test func shardsInAnyOrderGiveTheWholeRun() throws {
        let whole = timeless(try record())
        for order in [[1, 2, 3], [3, 1, 2]] {
            let parts = try order.map { try record(shard: .init(index: $0, count: 3, cases: 70)) }
            let merged = try RunRecord.merging(parts.map { ("part", $0) })
            #expect(timeless(merged) == whole)
            #expect(merged.summary.seconds == parts.reduce(0) { $0 + $1.summary.seconds })
            #expect(try RunRecord(bytes: Array(merged.text.utf8), file: "m").text == merged.text)
        }
    }

    @Test func answersOfShardsAreKeptUpToTheLimitOfARun() throws {
        // Many cases with more numbers than are kept, the smallest of them late.
        func problem(_ place: Int) -> Problem {
            let side = place == 60 ? 10 : place == 65 ? 5 : 45
            return Problem(input: [1, side, side, 1], filter: [1, 1, 1, 1])
        }
        let whole = try record(problem: problem)
        let kept = whole.results.filter { $0.answer != nil }.map(\.header.name)
        // 2 x 2025 numbers of output, 2026 of operands, each in two layouts.
        #expect(kept.count == 22 + 2)
        #expect(Array(kept.suffix(2)) == ["160", "165"])
        let parts = try [1, 2, 3].map { try record(shard: .init(index: $0, count: 3, cases: 70), problem: problem) }
        let merged = try RunRecord.merging(parts.map { ("part", $0) })
        #expect(timeless(merged) == timeless(whole))
        #expect(parts.contains { $0.results.contains { $0.answer != nil && !kept.contains($0.header.name) } })
    }

    @Test func shardsThatAreEmptyLeaveNoRecord() throws {
        let parts = try (1...70).map { try record(shard: .init(index: $0, count: 72, cases: 70)) }
        #expect(refusal(parts) == "merged")
        #expect(refusal(Array(parts.dropLast())).contains("the shard 70/72 is missing"))
    }

    @Test func whatIsNoPartOfOneRunIsRefused() throws {
        let first = try record(shard: .init(index: 1, count: 2, cases: 70))
        let second = try record(shard: .init(index: 2, count: 2, cases: 70))
        #expect(refusal([first, second]) == "merged")
        #expect(refusal([first]) == "the shard 2/2 is missing")
        #expect(refusal([first, second, first]).hasPrefix("'r0' and 'r2' overlap: both have a/100 on 'right'"))
        #expect(refusal([first, try record()]).contains("overlap"))
        #expect(refusal([]).contains("no record"))
        func changed(_ change: (inout RunHeader) -> Void) -> String {
            var other = second
            change(&other.header)
            return refusal([first, other])
        }
        let third = RunHeader.Shard(index: 2, count: 3, cases: 70)
        #expect(changed { $0.shard = third }.contains("is one of 3 shards of 70 cases"))
        #expect(changed { $0.shard = nil }.contains("no shard"))
        #expect(changed { $0.engines[1].version = "2" }.contains("the engines differ"))
        #expect(changed { $0.engines[1].capabilities.bias = false }.contains("the engines differ"))
        #expect(changed { $0.suites[0].digest = "x" }.contains("the golden data of the suite 'a' differ"))
        #expect(changed { $0.suiteDigest = "x" }.contains("the golden data differ"))
        #expect(changed { $0.selection = ["-k", "x"] }.contains("they chose different cases"))
        #expect(changed { $0.leftOut = ["a": 1] }.contains("their lists leave out different problems"))
        #expect(changed { $0.tolerance = .exact }.contains("their tolerances are exact and derived"))
        #expect(changed { $0.layouts = .sample }.contains("their layouts"))
        #expect(changed { $0.tool.version = "9" }.contains("by the versions 9 and"))
    }

    @Test func anInterruptedPartMakesAnInterruptedRun() throws {
        var parts = try [1, 2].map { try record(shard: .init(index: $0, count: 2, cases: 70)) }
        parts[1].summary.isInterrupted = true
        parts[1].summary.damage = ["a.h5: torn"]
        let merged = try RunRecord.merging(parts.map { ("part", $0) })
        #expect(merged.summary.exitStatus == .interrupted)
        #expect(merged.summary.damage == ["a.h5: torn"])
    }
}
