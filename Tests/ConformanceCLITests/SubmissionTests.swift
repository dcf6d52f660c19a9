import Conformance
import Convolution
import Foundation
import ProblemLists
import Testing
import _TestSupport

@testable import Benchmarking
@testable import ConformanceCLI

@Suite struct SubmissionFormatTests {
    @Test(arguments: [
        ("def custom_kernel(data):", [SubmissionFormat.gpuMode]),
        ("import torch\n\ncustom_kernel = torch.compile(f)\n", [.gpuMode]),
        ("class ModelNew(nn.Module):\r\n    pass", [.kernelBench]),
        ("class ModelNew: pass\ndef custom_kernel(d): pass", [.gpuMode, .kernelBench]),
        ("# def custom_kernel\n    def custom_kernel(data):\ncustom_kernel(3)\nclass ModelNewer: pass", []), ("", []),
    ])
    func itIsSeenByWhatAFileDefines(_ text: String, _ formats: [SubmissionFormat]) {
        #expect(SubmissionFormat.defined(in: text) == formats)
    }

    @Test func aTaskOfKernelBenchIsAFilesNumber() {
        #expect(SubmissionFormat.kernelBench.problem(ofFile: "x/55_conv_standard_2D.py") == "55")
        #expect(SubmissionFormat.kernelBench.problem(ofFile: "55/model.py") == nil)
        #expect(SubmissionFormat.gpuMode.problem(ofFile: "55_conv.py") == nil)
        #expect(SubmissionFormat.gpuMode.times("timed-128-8-64-4") && !SubmissionFormat.gpuMode.times("test-32-4-16-1"))
        #expect(SubmissionFormat.kernelBench.times("test-x"))
    }
}

@Suite struct SubmissionProblemsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let rows = ["8,4,9,9", "80,4,9,10", "57-transposed,1,40,40", "57-other,1,8,8"].map { $0 + ",3,4,3,3" }
        let header = "name,batch,height,width,channels,filters,kernel_height,kernel_width"
        try folder.write(([header] + rows).joined(separator: "\n"), to: "mine.csv")
    }

    @Test(arguments: [
        ([], ["8", "80", "57-transposed", "57-other"]), (["8"], ["8"]), (["8*"], ["8", "80"]),
        (["57", "8"], ["8", "57-transposed", "57-other"]), (["57-o*"], ["57-other"]),
    ])
    func theyAreChosenByNameBeginningOrPattern(_ chosen: [String], _ names: [String]) throws {
        let problems = try SubmissionProblems(path: folder.file("mine.csv"), chosen: chosen)
        #expect(problems.names == names)
        #expect(problems.patterns().count == names.count)
    }

    @Test func anUnknownOneIsRefusedWithThoseThatThereAre() throws {
        #expect {
            _ = try SubmissionProblems(path: folder.file("mine.csv"), chosen: ["8", "5"])
        } throws: {
            let stop = $0 as? Stop
            return stop?.status == .wrongUsage && stop?.message?.contains("--problem 5: ") == true
                && stop?.message?.contains("8, 80, 57-transposed, 57-other") == true
        }
    }

    @Test func theirCasesAndWhatBecomesOfThemIsSaid() throws {
        let problems = try SubmissionProblems(path: folder.file("mine.csv"), chosen: ["8", "57-transposed"])
        #expect(problems.patterns() == ["mine/2-8-*", "mine/4-57-transposed-*"])
        #expect(problems.patterns { $0 == "8" } == ["mine/2-8-*"])
        let words = problems.reductions(.init(mostProducts: 3 * 49 * 108))
        #expect(words.count == 2)
        #expect(words[0] == "8 is reduced: batch 4 there, 3 here")
        #expect(words[1].hasPrefix("57-transposed is reduced: input 1x40x40x3 there, 1x"))
        #expect(problems.reductions(.init()).isEmpty)
    }
}

@Suite struct JudgementTests {
    private func result(_ status: Status, engine: String = "a", want: Double = 100, got: Double = 0) -> CaseResult {
        var comparison = Comparison(elements: 9, mismatched: 1, ratio: 2)
        comparison.worst = [
            Mismatch(
                kind: .value, index: [0, 0, 0, 0], want: want, got: got, allowed: 0, ratio: 2, ulp: nil)
        ]
        let problem = Problem(input: [1, 3, 3, 1], filter: [1, 1, 1, 1])
        return CaseResult(
            engine: engine, header: CaseHeader(suite: "s", name: "n", problem: problem, data: .real),
            verdict: status == .fail ? Verdict(.fail, .mismatch, comparison: comparison) : Verdict(status))
    }

    private func judgement(_ results: [CaseResult], engines: [String] = ["a"]) -> Judgement {
        var judgement = Judgement("x.py")
        let identities = engines.map {
            RunHeader.EngineIdentity(name: $0, version: "", specification: $0, capabilities: Capabilities())
        }
        judgement.note(.started(RunHeader(engines: identities, suites: [], planned: results.count)))
        for result in results { judgement.note(.finished(result)) }
        return judgement
    }

    private func outcome(_ verdict: Benchmark.Measurement.Verdict) -> Benchmark.Outcome {
        .init(
            header: result(.pass).header, products: 9,
            measurements: [.init(engine: "a", verdict: verdict), .init(engine: "torch", verdict: .unsupported("no"))])
    }

    @Test func theVerdictIsOneLine() {
        var right = judgement([result(.pass), result(.pass)])
        #expect(right.line(.success) == "RIGHT: x.py passed 2 of 2 checks on fresh data; not timed")
        right.note(outcome(.timed))
        #expect(right.line(.success) == "RIGHT: x.py passed 2 of 2 checks on fresh data; 1 problem timed")
        right.note(outcome(.impossible(gigaflops: 9, limit: 1)))
        #expect(right.isWrongWhenTimed && right.line(.failed).hasPrefix("WRONG: x.py passed 2 of 2 checks"))
        let wrong = judgement([result(.fail), result(.unsupported), result(.crash)])
        #expect(wrong.line(.failed) == "WRONG: x.py failed 2 of 3 checks on fresh data, 1 unsupported; not timed")
        let none = judgement([])
        #expect(none.line(.engineNotStarted) == "NOT JUDGED: x.py could not be started")
        #expect(none.line(.nothingExecuted) == "NOT JUDGED: x.py computes none of the problems")
        #expect(judgement([result(.pass)]).line(.interrupted).hasPrefix("NOT JUDGED"))
        #expect(none.line(.goldenDamaged).hasPrefix("NOT JUDGED"))
    }

    @Test func whatIsUnsupportedOnTheLastDeviceIsNotRight() {
        let both = ["a", "b"]
        let right = judgement([result(.unsupported), result(.pass, engine: "b")], engines: both)
        #expect(right.isWhole && right.line(.success).hasPrefix("RIGHT"))
        let other = judgement([result(.pass), result(.unsupported, engine: "b")], engines: both)
        #expect(!other.isWhole && other.line(.nothingExecuted).hasPrefix("NOT JUDGED"))
    }

    @Test func onlySmallErrorsAreNear() {
        #expect(judgement([result(.pass), result(.fail, want: 100, got: 100.001)]).isNearlyRight)
        #expect(!judgement([result(.pass)]).isNearlyRight)
        #expect(!judgement([result(.fail, want: 100, got: 100.001), result(.fail)]).isNearlyRight)
        #expect(!judgement([result(.fail, want: 100, got: 100.001), result(.crash)]).isNearlyRight)
    }
}

@Suite struct PythonSearchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A program that answers so.
    private func program(_ name: String, _ answer: String) throws -> String {
        try folder.write("#!/bin/sh\necho '\(answer)'\n", to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.file(name))
        return folder.file(name)
    }

    @Test func theFirstThatHasBothIsTaken() throws {
        let places = [
            folder.file("nowhere"), try program("other", "hello"),
            try program("bare", #"["/bin/bare", "", "/x"]"#), try program("good", #"["/bin/good", "/b", "/a"]"#),
            try program("late", #"["/bin/late", "/b", "/a"]"#),
        ]
        let found = try PythonSearch(given: nil, usual: places)
        #expect(found.program == "/bin/good" && found.folders == ["/a", "/b"])
        #expect(!found.seesGPU())
        #expect {
            _ = try PythonSearch(given: nil, usual: Array(places.prefix(3)))
        } throws: {
            let stop = $0 as? Stop
            return stop?.status == .engineNotStarted
                && stop?.message == """
                    no Python with torch and numpy, which a submission needs; --python says where one is; tried:
                      \(places[0]): there is no such program
                      \(places[1]): it is no Python 3
                      \(places[2]): it has no torch
                    """
        }
    }

    @Test func itAsksPythonItself() throws {
        let found = try? PythonSearch(given: "python3")
        if let found { #expect(found.program.hasPrefix("/") && found.folders.allSatisfy { $0.hasPrefix("/") }) }
        #expect(PythonSearch.usualPlaces.prefix(2) == ["python3", "/usr/bin/python3"])
    }
}
