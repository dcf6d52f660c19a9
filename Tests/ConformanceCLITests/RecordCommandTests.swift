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
            [
                "--tolerance", "abs:0", "--verbose", "--junit", folder.file("a.xml"), "--markdown", folder.file("a.md"),
                "--html", folder.file("a.html"), "--annotations", "github",
            ],
            "a.jsonl")
        let again = try Program.run([
            "report", folder.file("a.jsonl"), "--verbose", "--junit", folder.file("b.xml"), "--markdown",
            folder.file("b.md"), "--jsonl", folder.file("b.jsonl"), "--html", folder.file("b.html"), "--annotations",
            "github",
        ])
        #expect(live.status == 1)
        #expect(again.status == 1)
        #expect(again.output == live.output)
        #expect(again.error.isEmpty)
        for ending in ["xml", "md", "jsonl", "html"] {
            #expect(try text("b.\(ending)") == text("a.\(ending)"), "\(ending)")
        }
        #expect(live.output.contains("\n::error title=fail direct examples/"))
        let unwritten = try Program.run(["run", "--engine", "direct", "--html", "/nowhere/a.html"])
        #expect(unwritten.status == 2)
        #expect(unwritten.output.isEmpty)
        #expect(unwritten.error.contains("cannot write '/nowhere/a.html': No such file"))
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
                ["merge", path, "--output", folder.file("m.jsonl")], ["diagnose", path, path],
                ["run", "--rerun-failed", path],
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
            try text(name).replacing(/"seconds":[-+.e0-9]+|"turn":\[[0-9,]+\]/, with: "")
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

    /// A run of an engine with a known fault.
    private func faulty(_ arguments: [String]) throws -> ProgramOutcome {
        try Program.run(
            ["run", "--engine", "fault:grouped-unequal-pads,direct", "--suite", "interactions"] + arguments)
    }

    /// In processes of their own, which only a run and --history start.
    @Test func whatAnEngineKeepsIsFoundByAskingAgain() throws {
        let arguments = [
            "run", "--engine", "fault:answer-cached-by-problem", "--in-workers", "--suite", "examples", "--jobs", "1",
        ]
        let path = folder.file("kept.jsonl")
        let words = [
            "the smallest fails only after another case, such as examples/cross-correlation-2x2-valid-int: 8 of 8 times",
            "passed alone 8 of 8 times", "it then answers what it answered before, element by element",
        ]
        func expect(_ outcome: ProgramOutcome, _ words: [String], _ place: SourceLocation = #_sourceLocation) {
            let text = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            for word in words { #expect(text.contains(word), "\(text)", sourceLocation: place) }
        }
        expect(try Program.run(arguments + ["--jsonl", path]), words)
        expect(try Program.run(["report", path]), words)
        // The record tells it, unless it is found out anew.
        let told = try Program.run(["diagnose", path, "--quiet"])
        expect(told, words)
        #expect(told.output.hasPrefix("1 finding about fault:answer-cached-by-problem\n"), "\(told.output)")
        let inside = try Program.run(["diagnose", path, "--history"])
        expect(inside, words)
        #expect(inside.error.contains("runs inside this process"), "\(inside.error)")
        let without = folder.file("without.jsonl")
        #expect(!(try Program.run(arguments + ["--jsonl", without, "--no-history"]).output.contains("history")))
        expect(try Program.run(["diagnose", without, "--history", "--in-workers"]), words)
        #expect(try Program.run(["diagnose", path, "--engine", "direct"]).status == 2)
    }

    @Test func aRecordIsDiagnosed() throws {
        let live = try faulty(["--jsonl", folder.file("live.jsonl"), "--no-history"])
        #expect(live.status == 1)
        let (whole, bare) = (try text("live.jsonl"), folder.file("bare.jsonl"))
        let lines = whole.split(separator: "\n").filter { !$0.contains(#""type":"finding""#) }
        try folder.write(lines.map { $0 + "\n" }.joined(), to: "bare.jsonl")
        let again = try Program.run(["diagnose", bare, "--jsonl", folder.file("again.jsonl")])
        #expect(again.status == 1, "\(again.error)")
        #expect(again.error.isEmpty)
        #expect(try text("again.jsonl") == whole)
        let found = "1 finding about fault:grouped-unequal-pads\n  1. grouped-unequal-pads: exactly what all 32"
        #expect(live.output.contains(found))
        #expect(again.output.contains(found))
        // Failures are not shown one by one, unless that is asked for.
        #expect(!again.output.contains("\nfail "))
        #expect(again.output.hasSuffix(try #require(live.output.split(separator: "\n").last) + "\n"))
        #expect(try Program.run(["diagnose", bare, "--verbose"]).output.contains("\nfail "))
        // What the record does not hold is not looked for, and that is said.
        let answerless = whole.replacing(/,"tensors":\{.*?\}\}/, with: "")
        let blind = try Program.run(["diagnose", try folder.write(answerless, to: "blind.jsonl")])
        #expect(blind.status == 1)
        #expect(blind.error.contains("does not hold the answers of 32 of 32 failing checks"), "\(blind.error)")
        #expect(!blind.output.contains("exactly what"))
    }

    @Test func shardsAreDiagnosedTogether() throws {
        for shard in ["1/2", "2/2"] {
            _ = try faulty(["--shard", shard, "--no-diagnosis", "--jsonl", folder.file("\(shard.first ?? "0").jsonl")])
        }
        let parts = ["1.jsonl", "2.jsonl"].map(folder.file)
        let both = try Program.run(["diagnose"] + parts)
        #expect(both.status == 1)
        #expect(both.output.contains("grouped-unequal-pads: exactly what all 32 failing cases answered"))
        #expect(try Program.run(["diagnose", parts[0], parts[0]]).status == 2)
        #expect(try Program.run(["diagnose", folder.file("none")]).status == 2)
        let other = try text("1.jsonl").replacing(/"digest":"..../, with: "\"digest\":\"0000")
        let changed = try Program.run(["diagnose", try folder.write(other, to: "other.jsonl")])
        #expect(changed.status == 2)
        #expect(changed.error.contains("the suite 'interactions' is not what it was"))
        let old = try text("1.jsonl").replacing("\"format\":8", with: "\"format\":4")
        let version = try Program.run(["diagnose", try folder.write(old, to: "old.jsonl")])
        #expect(version.status == 5)
        #expect(version.error.contains("old.jsonl', line 1: has format version 4"))
    }

    @Test func aFindingIsListedInTheBaseline() throws {
        let (record, known) = (folder.file("a.jsonl"), folder.file("known.txt"))
        _ = try faulty(["--jsonl", record])
        _ = try Program.run(["baseline", record, "--output", known, "--by-finding"])
        let listed = "fault:grouped-unequal-pads  *  finding:grouped-unequal-pads  "
        #expect(try text("known.txt").split(separator: "\n").last?.hasPrefix(listed) == true)
        let expected = try faulty(["--baseline", known, "--jsonl", folder.file("known.jsonl"), "--quiet"])
        #expect(expected.status == 0, "\(expected.output)")
        #expect(expected.output.contains(", 32 xfail, in"))
        #expect(try Program.run(["report", folder.file("known.jsonl"), "--quiet"]).output == expected.output)
        let before = try text("known.txt")
        let updated = try Program.run(["baseline", folder.file("known.jsonl"), "--output", known])
        #expect(updated.output.hasSuffix("1 entries, 0 of them new, 0 left out\n"))
        #expect(try text("known.txt") == before)
        // Another mistake is not what is listed.
        let other = before.replacing("finding:grouped-unequal-pads", with: "finding:swapped-strides")
        let wrong = try faulty(["--baseline", try folder.write(other, to: "other.txt"), "--quiet"])
        #expect(wrong.status == 1)
        #expect(wrong.output.contains("(32 fail), 1 entry of the baseline without a failure"))
        let none = before.replacing("finding:grouped-unequal-pads", with: "finding:grouped-unequal-pad")
        let unknown = try faulty(["--baseline", try folder.write(none, to: "none.txt")])
        #expect(unknown.status == 2)
        #expect(unknown.error.contains("line 4: no known mistake is called 'grouped-unequal-pad'; nearest: "))
        #expect(try faulty(["--baseline", known, "--no-diagnosis"]).status == 2)
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
            try text(name).split(separator: "\n").filter {
                $0.contains(#""status":"fail""#) && $0.contains(#""type":"case""#)
            }.map { line in
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
