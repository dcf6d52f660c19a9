import Foundation
import Testing
import _TestSupport

/// What is made from records, as a user calls it.
@Suite struct RecordCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A run in which some checks fail, for lack of tolerance.
    private func run(_ arguments: [String], _ name: String) throws -> ProgramOutcome {
        try Program.run(
            ["run", "--engine", "direct,im2col", "--suite", "examples", "--jsonl", folder.file(name)] + arguments)
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    @Test func aReportOfARecordIsThatOfTheRun() throws {
        let live = try run(
            ["--tolerance", "abs:0", "--verbose", "--junit", folder.file("a.xml"), "--markdown", folder.file("a.md")],
            "a.jsonl")
        let again = try Program.run([
            "report", folder.file("a.jsonl"), "--verbose", "--junit", folder.file("b.xml"), "--markdown",
            folder.file("b.md"), "--jsonl", folder.file("b.jsonl"),
        ])
        #expect(live.status == 1)
        #expect(again.status == 1)
        #expect(again.output == live.output)
        #expect(again.error.isEmpty)
        for ending in ["xml", "md", "jsonl"] {
            #expect(try text("b.\(ending)") == text("a.\(ending)"), "\(ending)")
        }
        #expect(live.output.contains("repeat   \(Program.executable.path) run"))
        let own = try Program.run(["report", folder.file("a.jsonl"), "--jsonl", folder.file("a.jsonl")])
        #expect(own.status == 2)
        #expect(own.error.contains("it is the record"))
    }

    @Test func aRecordThatIsDamagedIsSaidToBe() throws {
        _ = try run([], "a.jsonl")
        let whole = try text("a.jsonl")
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        try folder.write(lines.dropLast(2).map { $0 + "\n" }.joined(), to: "footless.jsonl")
        try folder.write(whole.replacing("\"pass\":40", with: "\"pass\":41"), to: "edited.jsonl")
        try folder.write(whole + whole, to: "twice.jsonl")
        try folder.write("old", to: "old.xml")
        for (name, words) in [
            ("footless", "footless.jsonl', line 41: it ends without a footer"),
            ("edited", "edited.jsonl', line 42: the footer counts 41 results with status pass, there are 40"),
            ("twice", "twice.jsonl', line 43: a line behind the footer"),
        ] {
            let path = folder.file("\(name).jsonl")
            for arguments in [
                ["report", path, "--junit", folder.file("old.xml")], ["compare", folder.file("a.jsonl"), path],
                ["merge", path, "--output", folder.file("m.jsonl")], ["run", "--rerun-failed", path],
            ] {
                let outcome = try Program.run(arguments)
                #expect(outcome.status == 5, "\(arguments): \(outcome.error)")
                #expect(outcome.error.contains(words), "\(arguments): \(outcome.error)")
                #expect(outcome.output.isEmpty)
            }
        }
        #expect(!folder.names.contains("old.xml"))
        #expect(!folder.names.contains("m.jsonl"))
        #expect(try Program.run(["report", folder.file("none")]).status == 2)
    }

    @Test func shardsAreMerged() throws {
        _ = try run(["--tolerance", "abs:0"], "whole.jsonl")
        for shard in ["1/2", "2/2"] {
            _ = try run(["--tolerance", "abs:0", "--shard", shard], "\(shard.first ?? "0").jsonl")
        }
        let merged = try Program.run([
            "merge", folder.file("2.jsonl"), folder.file("1.jsonl"), "--output", folder.file("merged.jsonl"),
        ])
        #expect(merged.status == 0, "\(merged.error)")
        func timeless(_ name: String) throws -> String {
            try text(name).replacing(/"seconds":[-+.e0-9]+/, with: "")
        }
        #expect(try timeless("merged.jsonl") == timeless("whole.jsonl"))
        for (parts, words) in [
            (["1.jsonl", "1.jsonl"], "overlap"), (["1.jsonl"], "2/2 is missing"),
        ] {
            let refused = try Program.run(["merge"] + parts.map(folder.file) + ["--output", folder.file("no.jsonl")])
            #expect(refused.status == 2)
            #expect(refused.error.contains(words))
        }
        let taken = try Program.run(["merge", folder.file("whole.jsonl"), "--output", folder.file("whole.jsonl")])
        #expect(taken.status == 2)
        #expect(!folder.names.contains("no.jsonl"))
    }

    @Test func whatBrokeIsTold() throws {
        _ = try run([], "good.jsonl")
        _ = try run(["--tolerance", "abs:0"], "bad.jsonl")
        let (good, bad) = (folder.file("good.jsonl"), folder.file("bad.jsonl"))
        let broken = try Program.run(["compare", good, bad])
        #expect(broken.status == 1)
        #expect(broken.output.contains("BROKEN: 2 broken, 38 as before\n"), "\(broken.output)")
        #expect(broken.output.contains("broken direct examples/"))
        let fixed = try Program.run(["compare", bad, good])
        #expect(fixed.status == 0)
        #expect(fixed.output.hasSuffix("nothing broke: 2 fixed, 38 as before\n"))
        #expect(try Program.run(["compare", bad, good, "--verbose"]).output.contains("fixed im2col examples/"))
        _ = try Program.run(["run", "--engine", "fft", "--suite", "examples", "--jsonl", folder.file("fft.jsonl")])
        let apart = try Program.run(["compare", good, folder.file("fft.jsonl")])
        #expect(apart.status == 4)
        #expect(apart.error.contains("no result in common"))
    }

    @Test func whatFailedIsRunAgain() throws {
        _ = try run(["--tolerance", "abs:0", "--layouts", "all"], "bad.jsonl")
        func failures(_ name: String) throws -> [String] {
            try text(name).split(separator: "\n").filter { $0.contains(#""status":"fail""#) }.map { line in
                let fields = [/"engine":"([^"]*)"/, /"layout":"([^"]*)"/, /"case":"([^"]*)"/]
                return fields.map { line.firstMatch(of: $0).map { String($0.1) } ?? "" }.joined(separator: " ")
            }
        }
        let again = try Program.run([
            "run", "--rerun-failed", folder.file("bad.jsonl"), "--jsonl", folder.file("again.jsonl"),
        ])
        #expect(again.status == 1)
        let failed = try failures("bad.jsonl")
        #expect(failed.count == 16)
        #expect(try failures("again.jsonl") == failed)
        #expect(again.output.contains("FAILED: 16 of 16 checks"))
        #expect(try text("again.jsonl").contains(#""tolerance":"abs:0""#))
        _ = try run([], "good.jsonl")
        #expect(try Program.run(["run", "--rerun-failed", folder.file("good.jsonl")]).status == 4)
        #expect(try Program.run(["run", "--rerun-failed", folder.file("bad.jsonl"), "--engine", "fft"]).status == 2)
        // Other golden files than those of the record.
        let changed = try text("bad.jsonl").replacing(/"digest":"..../, with: "\"digest\":\"0000")
        let refused = try Program.run(["run", "--rerun-failed", try folder.write(changed, to: "other.jsonl")])
        #expect(refused.status == 2)
        #expect(refused.error.contains("the suite 'examples' is not what it was"))
    }

    @Test func knownFailuresAreListed() throws {
        let (bad, known) = (folder.file("bad.jsonl"), folder.file("known.txt"))
        _ = try run(["--tolerance", "abs:0"], "bad.jsonl")
        let made = try Program.run(["baseline", bad, "--output", known])
        #expect(made.status == 0, "\(made.error)")
        #expect(made.output.hasSuffix("2 entries, 2 of them new, 0 left out\n"))
        func against(_ baseline: String, _ arguments: [String]) throws -> ProgramOutcome {
            try Program.run(
                ["run", "--engine", "direct,im2col", "--suite", "examples", "--baseline", baseline] + arguments)
        }
        let expected = try against(known, ["--tolerance", "abs:0"])
        #expect(expected.status == 0)
        #expect(expected.output.contains("passed: 38 of 40 checks on 2 engines, 2 xfail"), "\(expected.output)")
        let passing = try against(known, [])
        #expect(passing.status == 1)
        #expect(passing.output.contains("(2 xpass)"))
        let stale = try against(try folder.write("direct  examples/*  crash  never\n", to: "stale.txt"), [])
        #expect(stale.status == 1)
        #expect(stale.output.contains("(20 xpass)"))
        let wrong = try against(try folder.write("# first\ndirect examples/a  fail\n", to: "wrong.txt"), [])
        #expect(wrong.status == 2)
        #expect(wrong.output.isEmpty)
        #expect(wrong.error.contains("wrong.txt', line 2: there is no reason behind the status 'fail'"))
        #expect(try against(folder.file("none"), []).status == 2)
        #expect(try against(known, ["--jsonl", known]).error.contains("it is the baseline"))
        // What has been fixed is left out, and comments stay.
        let text = try String(contentsOfFile: known, encoding: .utf8)
        try folder.write("# mine\n" + text, to: "known.txt")
        _ = try run([], "good.jsonl")
        let updated = try Program.run(["baseline", folder.file("good.jsonl"), "--output", known])
        #expect(updated.output.hasSuffix("0 entries, 0 of them new, 2 left out\n"))
        #expect(try self.text("known.txt").hasPrefix("# mine\n# Known failures"))
    }
}
