import Foundation
import Testing
import _TestSupport

/// The exit status and the words of the whole program.
@Suite struct CommandLineTests {
    @Test func theGoldensPassOnTheBuiltInEngines() throws {
        let outcome = try Program.run(["run", "--suite", "examples"])
        #expect(outcome.status == 0)
        #expect(outcome.error.isEmpty)
        for engine in ["reference", "direct", "im2col"] { #expect(outcome.output.contains(engine)) }
    }

    @Test func aFailingEngineIsStatus1() throws {
        let outcome = try Program.run(["run", "--engine", "direct", "--suite", "numerics", "--tolerance", "abs:0"])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains(" run --engine direct --case"))
        #expect(outcome.output.contains("--tolerance abs:0"))
    }

    @Test func anEngineIsHeldToAnotherAlgorithmThanItDeclares() throws {
        let folder = try TemporaryFolder()
        let run = ["run", "--engine", "fft", "--suite", "numerics"]
        #expect(try Program.run(run).status == 0)
        let held = try Program.run(run + ["--judge-as", "direct", "--jsonl", folder.file("a.jsonl")])
        #expect(held.status == 1)
        #expect(held.output.contains("--judge-as direct"))
        let again = try Program.run(["run", "--rerun-failed", folder.file("a.jsonl")])
        #expect(again.status == 1 && again.output.contains("--judge-as direct"))
        #expect(try Program.run(["run", "--engine", "direct", "--suite", "numerics", "--judge-as", "fft"]).status == 0)
    }

    @Test
    func aFaultOfTheBankIsAnEngineWhoseReportNamesIt() throws {
        let run = [
            "run", "--engine", "fault:same-upper-and-lower-swapped", "--suite", "examples", "--suite", "degenerate",
        ]
        let outcome = try Program.run(run)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("1. same-upper-and-lower-swapped: exactly what all "), "\(outcome.output)")
        let without = try Program.run(run + ["--no-diagnosis"])
        #expect(without.status == 1 && !without.output.contains("finding"))
        let unknown = try Program.run(["run", "--engine", "fault:same-upper-and-lower-swaped"])
        #expect(unknown.status == 2)
        #expect(unknown.error.contains("nearest: same-upper-and-lower-swapped"), "\(unknown.error)")
    }

    @Test(arguments: [
        (["run", "--engine", "dierct"], "direct"), (["run", "--suite", "gird"], "grid"),
        (["run", "--tag", "depthwize"], "nearest: depthwise"),
        (["run", "--skip-tag", "depthwize"], "nearest: depthwise"),
        (["run", "--tag", "nosuch"], "list --tags"), (["show", "grid/nothing"], "nearest: grid/"),
        (["rn"], "nearest: run"),
        (["help", "rn"], "nearest: run"), (["run", "--suit", "grid"], "'--suite'"),
        (["run", "--fail-fast", "--max-fail", "2"], "contradict"),
        (["run", "--engine", "direct,,fft"], "there is no engine ''"),
        (["run", "--engine", "direct,dierct"], "nearest: direct"), (["run", "--frobnicate"], "--frobnicate"),
        (["run", "--tolerance", "loose"], "--tolerance"),
        (["run", "--jobs", "0"], "--jobs is 0"), (["run", "--timeout", "-1"], "--timeout"),
        (["run", "--in-order"], "--in-order needs --case"),
        (["run", "--in-order", "--case", "examples/*", "--shuffle"], "contradict"),
        (["run", "--shard", "5/4"], "--shard"), (["run", "--quiet", "--verbose"], "contradict"),
        (["run", "--golden", "/nowhere"], "/nowhere"), (["frobnicate"], "frobnicate"),
        (["run", "--engine", "cmd:"], "cmd:"), (["run", "--engine", "cmd:sh -c 'open"], "open"),
    ])
    func wrongUsageIsStatus2AndNamesTheNearest(arguments: [String], word: String) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == 2, "\(outcome.error)")
        #expect(outcome.error.contains(word), "\(outcome.error)")
        #expect(outcome.output.isEmpty)
    }

    /// A fault that keeps its first filter of a shape fails the second case with one, whichever that is.
    @Test func casesAreAskedInTheOrderOfTheirPatterns() throws {
        let cases = [
            "examples/published-1x5x5x5-3x3x5x7-s1-same_upper-int",
            "examples/published-1x5x5x5-3x3x5x7-s2-same_upper-int",
        ]
        for order in [cases, cases.reversed()] {
            let outcome = try Program.run(
                ["run", "--engine", "fault:stale-filter", "--in-order"] + order.flatMap { ["--case", $0] })
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("fail fault:stale-filter \(order[1])"), "\(outcome.output)")
            #expect(!outcome.output.contains("fail fault:stale-filter \(order[0])"), "\(outcome.output)")
        }
    }

    @Test func aPatternThatMatchesNothingIsStatus4() throws {
        let outcome = try Program.run(["run", "--case", "grid/b9*"])
        #expect(outcome.status == 4)
        #expect(outcome.error.contains("no case matches 'grid/b9*'"))
        #expect(try Program.run(["run", "--suite", "grid", "--skip", "*"]).status == 4)
    }

    @Test(arguments: ["--case", "--skip"])
    func aSuitesNameIsNoPatternOfItsCases(option: String) throws {
        let outcome = try Program.run(["run", option, "networks"])
        #expect(outcome.status == 4)
        #expect(outcome.error.contains("no case matches 'networks': the cases of that suite are 'networks/*'"))
    }

    @Test(arguments: ["cmd:/bin/false", "cmd:/nowhere/engine", "cmd:sh -c 'echo cannot load model >&2; exit 3'"])
    func anEngineThatDoesNotStartIsStatus3(specification: String) throws {
        let outcome = try Program.run(["run", "--engine", specification])
        #expect(outcome.status == 3)
        #expect(outcome.error.contains("could not be started"))
        if specification.contains("echo") { #expect(outcome.error.contains("cannot load model")) }
    }

    @Test func anEngineIsGivenUpThatDoesNotStartInTime() throws {
        let outcome = try Program.run(["run", "--start-timeout", "0.5", "--engine", "cmd:sleep 60"])
        #expect(outcome.status == 3)
        #expect(outcome.error.contains("no greeting within 0.5 seconds"), "\(outcome.error)")
        for word in ["0", "-1", "nan", "1e9"] {
            let refused = try Program.run(["run", "--start-timeout=\(word)", "--engine", "direct"])
            #expect(refused.status == 2)
            #expect(refused.error.contains("--start-timeout"))
        }
    }

    @Test func aSlowStartIsNotChargedToACase() throws {
        let slow = #"cmd:sh -c 'sleep 3; exec "$0" serve direct' "# + Program.executable.path
        let outcome = try Program.run(["run", "--timeout", "2", "--engine", slow, "--suite", "examples", "--jobs", "2"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    }

    @Test func aReportThatCannotBeWrittenIsSaidBeforeTheRun() throws {
        let folder = try TemporaryFolder()
        for option in ["--jsonl", "--junit", "--markdown"] {
            let outcome = try Program.run(["run", option, folder.url.path + "/missing/report"])
            #expect(outcome.status == 2)
            #expect(outcome.error.contains("/missing/report"))
            #expect(outcome.output.isEmpty)
        }
    }

    @Test func aFullDiskIsNotSwallowed() throws {
        let outcome = try Program.run(["run", "--suite", "examples", "--engine", "direct", "--jsonl", "/dev/full"])
        #expect(outcome.status == 70)
        #expect(outcome.error.contains("/dev/full"))
    }

    @Test func damagedGoldensAreStatus5AndNamed() throws {
        let folder = try TemporaryFolder()
        try folder.addGoldens(["examples.h5"])
        let file = folder.url.appending(path: "examples.h5")
        let whole = try Data(contentsOf: file)
        for damaged in [Data(), whole.prefix(whole.count / 2), Data("no HDF5 at all".utf8)] {
            try damaged.write(to: file)
            let outcome = try Program.run(["run", "--engine", "direct", "--golden", folder.url.path])
            #expect(outcome.status == 5)
            #expect(outcome.error.contains("examples.h5"), "\(outcome.error)")
        }
    }

    @Test func reportsAreWrittenAndTheRecordHasAFooter() throws {
        let folder = try TemporaryFolder()
        let paths = ["jsonl", "junit", "markdown"].map { folder.url.appending(path: $0).path }
        let outcome = try Program.run(
            ["run", "--engine", "direct", "--suite", "examples", "--jsonl", paths[0], "--junit", paths[1]]
                + ["--markdown", paths[2]])
        #expect(outcome.status == 0)
        let record = try String(contentsOfFile: paths[0], encoding: .utf8).split(separator: "\n")
        #expect(record.first?.contains(#""type":"header""#) == true)
        #expect(record.last?.contains(#""type":"footer""#) == true)
        #expect(try String(contentsOfFile: paths[1], encoding: .utf8).contains("<testsuite"))
        #expect(try String(contentsOfFile: paths[2], encoding: .utf8).contains("direct"))
    }

    @Test func anInterruptedRunEndsInGoodOrder() throws {
        let folder = try TemporaryFolder()
        let record = folder.url.appending(path: "record.jsonl").path
        let slow = "cmd:python3 Tests/ConformanceCLITests/slow_engine.py"
        let outcome = try Program.run(["run", "--engine", slow, "--suite", "grid", "--jsonl", record]) { process in
            let hasResults = {
                try? String(contentsOfFile: record + ".partial", encoding: .utf8).contains(#""type":"case""#)
            }
            while process.isRunning, hasResults() != true { Thread.sleep(forTimeInterval: 0.05) }
            process.interrupt()
        }
        #expect(outcome.status == 130)
        let footer = try #require(try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n").last)
        #expect(footer.contains(#""exit":130"#))
    }

    @Test func aRegisteredEngineRunsInAProcessOfItsOwn() throws {
        let served = "cmd:'\(Program.executable.path)' serve im2col"
        let outcome = try Program.run(["run", "--engine", served, "--suite", "examples", "--layouts", "all"])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains("im2col"))
        #expect(try Program.run(["serve", "im2cool"]).error.contains("nearest: im2col"))
    }

    @Test func casesAndSuitesAreListed() throws {
        let cases = try Program.run(["list", "--suite", "examples"])
        #expect(cases.status == 0)
        #expect(cases.output.split(separator: "\n").allSatisfy { $0.hasPrefix("examples/") && $0.contains("input") })
        let suites = try Program.run(["list", "--suites"])
        #expect(suites.output.contains("grid"))
        let shards = try (1...3).map { try Program.run(["list", "--quiet", "--shard", "\($0)/3"]).output }
        let whole = try Program.run(["list", "--quiet"]).output
        let (parts, lines) = (shards.joined().split(separator: "\n"), whole.split(separator: "\n"))
        #expect(Set(parts) == Set(lines))
        #expect(shards.joined().count == whole.count)
    }

    @Test func aCaseIsShown() throws {
        let first = try #require(
            try Program.run(["list", "--quiet", "--suite", "examples"]).output.split(separator: "\n").first)
        let outcome = try Program.run(["show", String(first)])
        #expect(outcome.status == 0)
        for word in [String(first), "input [", "filter [", "expected [", "note:"] {
            #expect(outcome.output.contains(word))
        }
    }

    @Test func aNewcomerSeesThreeEnginesAndAllOfThemWhenAsked() throws {
        func engines(_ options: [String]) throws -> [String] {
            let folder = try TemporaryFolder()
            let record = folder.url.appending(path: "record").path
            _ = try Program.run(["run", "--case", "examples/*", "--shard", "1/20", "--jsonl", record] + options)
            let header = try #require(try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n").first)
            return header.matches(of: /"name":"([^"]*)","negative_pads"/).map { String($0.1) }
        }
        #expect(try engines([]) == ["reference", "direct", "im2col"])
        #expect(try engines(["--engine", "all"]).count == 6)
        #expect(try engines(["--engine", "direct,fft", "--engine", "direct"]) == ["direct", "fft", "direct#2"])
    }

    @Test func casesAreChosenByWordAndTag() throws {
        func count(_ options: [String]) throws -> Int {
            try Program.run(["list", "--quiet", "--suite", "grid"] + options).output.split(separator: "\n").count
        }
        let all = try count([])
        let strided = try count(["--tag", "strided"])
        #expect(strided > 0 && strided < all)
        #expect(try count(["--skip-tag", "strided"]) == all - strided)
        // A tag of other suites only.
        #expect(try count(["--skip-tag", "extreme"]) == all)
        // A word of the note alone, in another case of letters, and one of the id.
        #expect(try count(["-k", "CATCHES"]) > 0)
        #expect(try count(["-k", "valid-int"]) == count(["--case", "*valid-int*"]))
        #expect(try Program.run(["list", "-k", "no such word"]).status == 4)
    }

    @Test func failFastStopsAfterTheFirst() throws {
        let outcome = try Program.run([
            "run", "--engine", "direct", "--suite", "numerics", "--tolerance", "abs:0", "--fail-fast", "--jobs", "1",
        ])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("1 fail"))
        #expect(!outcome.output.contains("2 fail"))
        #expect(outcome.output.contains("missing"))
        #expect(outcome.error.contains("--fail-fast: the rest was not run"), "\(outcome.error)")
    }

    @Test func theOptionsOfAnEarlyEndAndOfTooManyJobsAreNamed() throws {
        let outcome = try Program.run([
            "run", "--engine", "direct", "--suite", "numerics", "--tolerance", "abs:0", "--max-fail", "2", "--jobs",
            "5000",
        ])
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("--jobs 5000: at most 1024 cases"), "\(outcome.error)")
        #expect(outcome.error.contains("--max-fail 2: the rest was not run"), "\(outcome.error)")
        #expect(outcome.output.contains("the run ends after 2 failures"), "\(outcome.output)")
    }

    @Test func theVersionIsTold() throws {
        let outcome = try Program.run(["--version"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains(/^convcheck 0\.\d+\.\d+\n$/))
    }

    @Test func enginesSayWhatTheyTake() throws {
        let outcome = try Program.run(["engines"])
        #expect(outcome.output.contains("direct\n    input NHWC NCHW; filter HWIO OIHW OHWI HWOI; direct, float32"))
    }

    @Test func verifyFindsNothingWrongWithTheExamples() throws {
        let outcome = try Program.run(["verify", "--suite", "examples"])
        #expect(outcome.status == 0, "\(outcome.error)")
    }
}
