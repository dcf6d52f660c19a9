import Foundation
import Testing
import _TestSupport

@Suite struct FuzzTests {
    private static let wrong = "fault:depthwise-dilation-ignored"

    @Test func aRightEngineIsStatus0() throws {
        let outcome = try Program.run(["fuzz", "--engine", "direct", "--seed", "7", "--count", "300"])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.hasPrefix("direct, seed 7: 300 problems in "))
        #expect(outcome.output.contains(": 300 pass; "))
    }

    /// What was found can be run as golden cases, which the right engine passes, and is found again by the last line.
    @Test func aWrongEngineIsStatus1AndWhatItFailsIsKept() throws {
        let folder = try TemporaryFolder()
        let arguments = ["fuzz", "--engine", Self.wrong, "--type", "float32", "--seed", "7", "--count", "2000"]
        let outcome = try Program.run(arguments + ["--save", folder.file("mine.h5")])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("fail \(Self.wrong) mine/7-"))
        #expect(outcome.output.contains("mistake   ignored-dilation"))
        #expect(outcome.output.contains("--golden \(folder.path)"))
        let again = try Program.run(["run", "--golden", folder.path, "--engine", "direct,\(Self.wrong)"])
        #expect(again.status == 1)
        #expect(again.output.contains(" pass") && again.output.contains("FAILED"))
        let right = try Program.run(["run", "--golden", folder.path, "--engine", "direct"])
        #expect(right.status == 0, "\(right.error)")

        let unsaved = try Program.run(arguments)
        let line = try #require(unsaved.output.split(separator: "\n").first { $0.contains("repeat  ") })
        let words = line.split(separator: " ").drop { $0 != "fuzz" }.map(String.init)
        #expect(words.suffix(4) == ["--count", "1", "--type", "float32"])
        #expect(try Program.run(words).status == 1)
    }

    /// Parts of a seed's problems are those of one run, for programs that add them up.
    @Test func countsOfPartsAreThoseOfTheWhole() throws {
        let folder = try TemporaryFolder()
        func counts(_ arguments: String...) throws -> [String: Any] {
            let path = folder.file("\(arguments.joined()).json")
            let fuzz = ["fuzz", "--engine", Self.wrong, "--seed", "7", "--type", "float32", "--max-found", "1"]
            #expect(try Program.run(fuzz + ["--counts", path] + arguments).status <= 1)
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
            let whole = try #require(object as? [String: Any])
            #expect(whole["format"] as? String == "convcheck-fuzz" && whole["version"] as? Int == 1)
            #expect(whole["options"] as? [String] == ["--type", "float32"])
            return try #require((whole["engines"] as? [[String: Any]])?.first)
        }
        let parts = [try counts("--count", "300"), try counts("--first", "300", "--count", "300")]
        let whole = try counts("--count", "600")
        for status in ["pass", "fail"] {
            let numbers = (parts + [whole]).map { ($0["counts"] as? [String: Int])?[status] ?? 0 }
            #expect(numbers[0] + numbers[1] == numbers[2] && numbers[2] > 0)
        }
        for field in ["pairs", "failing"] {
            let lists = (parts + [whole]).map { $0[field] as? [Int] ?? [] }
            #expect(Set(lists[0] + lists[1]).sorted() == lists[2] && !lists[2].isEmpty)
        }
        let twice = folder.file("a.json")
        let taken = try Program.run(["fuzz", "--engine", "direct", "--counts", twice, "--jsonl", twice])
        #expect(taken.status == 2 && taken.error.contains("--counts"), "\(taken.error)")
    }

    @Test func nothingThatTheEngineComputesIsStatus4() throws {
        let outcome = try Program.run(["fuzz", "--engine", "fft", "--type", "float64", "--count", "5"])
        #expect(outcome.status == 4)
        #expect(outcome.error.contains("no engine computes any of the problems that were tried"))
    }

    @Test(arguments: [
        (["--seconds", "0"], "--seconds is 0.0, expected more than 0"),
        (["--count", "0"], "--count is 0, expected at least 1"),
        (["--type", "int64"], "int64"),
        (["--type", "int8", "--operation", "bias-gradient"], "--type int8 is of forward convolutions"),
        (["--save", "mine.txt"], "expected a path that ends in .h5"),
        (["--save", "/nowhere/mine.h5"], "'/nowhere' is no folder"),
        (["--operation", "backward"], "backward"),
    ])
    func wrongUsageIsStatus2(arguments: [String], message: String) throws {
        let outcome = try Program.run(["fuzz", "--engine", "direct"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.error.contains(message), "\(outcome.error)")
    }
}
