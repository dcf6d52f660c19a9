import Foundation
import Testing
import _TestSupport

/// `run --problems`, as a user calls it.
@Suite struct ProblemListCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, _ name: String) throws -> String {
        try folder.write(text, to: name)
        return folder.file(name)
    }

    private let text = """
        --dt=f32,f16,u8:s8:u8 --dir=FWD_B
        g2ic4ih7oc6kh3sh2n"first"
        --dt=f32,bf16,u8:s8:s32 --dir=FWD_D,BWD_D,BWD_WB
        mb3ic3ih6iw5oc4oh6ow5kh3kw2ph1n"second" ic2ih3id3oc2kh2kd2
        """

    @Test func rightEnginesPass() throws {
        let path = try write(text, "mine")
        let run = try Program.run([
            "run", "--problems", path, "--engine", "reference,direct,im2col", "--jsonl", folder.file("a.jsonl"),
        ])
        #expect(run.status == 0, "\(run.output)\(run.error)")
        #expect(
            run.error.contains("\(path): 21 problems; 10 are ours; 9 are not: three dimensions; 2 are not: a gradient"))
        let record = try String(contentsOfFile: folder.file("a.jsonl"), encoding: .utf8)
        #expect(record.contains(#""left_out":{"a gradient in 8 bits":2,"three dimensions":9}"#))
        let listed = try Program.run(["list", "--problems", path, "--quiet"])
        #expect(listed.output.contains("mine/2-first-int\nmine/2-first-real\nmine/2-first-float16-int\n"))
        #expect(listed.output.contains("mine/2-first-uint8-int8-to-uint8-int\n"))
        let fresh = try Program.run(["run", "--problems", path, "--engine", "direct", "--fresh"])
        #expect(fresh.output.contains("cases drawn anew, 0 as stored"))
        #expect(fresh.status == 0)
    }

    @Test func whatFailsIsFoundAndRunAgain() throws {
        let path = try write(text, "mine")
        let arguments = [
            "run", "--problems", path, "--engine", "fault:grouped-unequal-pads,direct", "--tolerance", "abs:0",
        ]
        let run = try Program.run(arguments + ["--jsonl", folder.file("a.jsonl"), "--fresh", "3"])
        #expect(run.status == 1)
        #expect(run.output.contains("--problems \(path)"))
        let again = try Program.run(["run", "--rerun-failed", folder.file("a.jsonl")])
        #expect(again.status == 1)
        #expect(again.output.contains("fresh data from seed 3"))
        #expect(try Program.run(["diagnose", folder.file("a.jsonl")]).status == 1)
    }

    @Test func whatIsTooLargeIsMadeSmaller() throws {
        let path = try write(
            "name,batch,height,width,channels,filters,kernel_height,kernel_width\na,9,20,30,3,4,3,3\n", "a.csv")
        let arguments = ["--problems", path, "--reduce-products", "1e5", "--reduce-memory", "1"]
        let listed = try Program.run(["list"] + arguments)
        #expect(listed.output.contains("input 1x"), "\(listed.output)")
        #expect(listed.error.contains("1 of them is made smaller"))
        let run = try Program.run(
            ["run", "--engine", "fault:swapped-strides,direct", "--tolerance", "abs:0", "--fresh", "5"] + arguments
                + ["--jsonl", folder.file("a.jsonl")])
        #expect(run.output.contains("--problems \(path) --reduce-products 100000 --reduce-memory 1 --fresh 5"))
        let record = try String(contentsOfFile: folder.file("a.jsonl"), encoding: .utf8)
        #expect(record.contains("Made smaller: there it has the input 9x20x30x3.") && record.contains("\"reduced\""))
        // The same problems again: another list would be refused.
        let again = try Program.run(["run", "--rerun-failed", folder.file("a.jsonl")])
        #expect(run.status == 1 && again.status == 1, "\(again.error)")
        for (arguments, words) in [
            (["--problems", path, "--reduce-products", "0"], "--reduce-products is 0"),
            (["--problems", path, "--reduce-memory", "0"], "--reduce-memory is 0"),
            (["--reduce-memory", "5"], "go with --problems"),
        ] {
            let wrong = try Program.run(["list"] + arguments)
            #expect(wrong.status == 2 && wrong.error.contains(words), "\(wrong.error)")
        }
    }

    @Test func largeAnswersAreProjected() throws {
        let path = try write("ic16ih60oc32kh5ph2n\"large\" ic16ih60oc32kh1n\"small\"", "mine")
        func run(_ options: [String]) throws -> (outcome: ProgramOutcome, record: [Substring]) {
            let record = folder.file("a.jsonl")
            let arguments = ["run", "--problems", path, "--jsonl", record] + options
            let outcome = try Program.run(arguments)
            let lines = try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n")
            return (outcome, lines.filter { $0.contains(#""type":"case""#) })
        }
        let projected = try run(["--projected", "--engine", "im2col"])
        #expect(projected.outcome.status == 0, "\(projected.outcome.output)\(projected.outcome.error)")
        let said = projected.outcome.output.replacing(#/\s+/#, with: " ")
        #expect(said.contains("2 answers too large to be computed whole were judged by projections"))
        let judges = projected.record.map { $0.contains(#""judge":"projected""#) }
        #expect(judges == [true, true, false, false])
        #expect(projected.record[0].contains(#""missed_bits":"#) && projected.record[1].contains(#""samples":"#))
        for options in [[], ["--complete"], ["--tolerance", "abs:1e-3"]] {
            let complete = try run(options + ["--engine", "im2col"])
            #expect(complete.outcome.status == 0)
            #expect(complete.record.allSatisfy { $0.contains(#""judge":"complete""#) })
        }
        // What failed is run again as it was, with the same vectors where they are asked for.
        let seeded = ["--projected", "--judge-seed", "77", "--engine", "fault:tf32-factors"]
        let wrong = try run(seeded)
        #expect(wrong.outcome.status == 1 && wrong.outcome.output.contains("judged   by projections"))
        #expect(wrong.record[1].contains(#""seed":77"#))
        func comparison(_ line: Substring) -> Substring? { line.firstMatch(of: #/"comparison":.*"data"/#)?.0 }
        #expect(try comparison(run(seeded).record[1]) == comparison(wrong.record[1]))
        let again = try Program.run(["run", "--rerun-failed", folder.file("a.jsonl")])
        #expect(again.status == 1 && again.output.contains("by projections"))
        let refused = try Program.run(["run", "--problems", path, "--projected", "--tolerance", "exact"])
        #expect(refused.status == 2 && refused.error.contains("--projected knows the derived tolerance alone"))
        #expect(try Program.run(["run", "--problems", path, "--projected", "--complete"]).status == 2)
    }

    @Test func whatIsWrongWithAListIsSaid() throws {
        let none = try Program.run(["run", "--problems", folder.file("nowhere")])
        #expect(none.status == 2)
        #expect(none.error.contains("nowhere: there is no such file"))
        let wrong = try Program.run(["run", "--problems", try write("ic3ih8oc5kh3\nic3", "wrong")])
        #expect(wrong.status == 2)
        #expect(wrong.error.contains("wrong:2: 'oc' in 'ic3' is missing"))
        let foreign = try Program.run(["run", "--problems", try write("ic3ih8id8oc5kh3kd3", "foreign")])
        #expect(foreign.status == 4)
        #expect(foreign.error.contains("1 problem; none is ours; 1 is not: three dimensions"))
    }
}
