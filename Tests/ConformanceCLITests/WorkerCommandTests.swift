import Foundation
import Testing
import _TestSupport

/// A package's own engines, which its command starts in processes of their own.
@Suite struct WorkerCommandTests {
    private static let command = Program.executable.deletingLastPathComponent().appending(path: "crashing-engines")

    private static func run(_ arguments: String...) throws -> ProgramOutcome {
        try Program.run(["run"] + arguments + ["--suite", "examples"], executable: command)
    }

    @Test func anEngineThatIsRightPassesAndTalksOnStandardError() throws {
        let outcome = try Self.run("--engine", "right")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
        #expect(outcome.error.contains("welcome"))
    }

    @Test(arguments: [("fatal", "too hot"), ("index", "Index out of range"), ("exit", "exited with status 0")])
    func aCrashCostsItsCases(_ engine: String, _ says: String) throws {
        let folder = try TemporaryFolder()
        let record = folder.file("run.jsonl")
        let outcome = try Self.run("--engine", engine, "--jsonl", record)
        #expect(outcome.status == 1, "\(outcome.error)")
        #expect(outcome.output.contains(says), "\(outcome.output)")
        #expect(!outcome.output.contains("Backtrac") && !outcome.output.contains("stack trace"))
        #expect(!outcome.error.contains("Backtrac") && !outcome.error.contains("stack trace"))
        #expect(outcome.output.split(separator: "\n").count < 60, "\(outcome.output)")
        let text = try String(contentsOfFile: record, encoding: .utf8)
        #expect(text.contains(#""status":"crash""#) && text.contains(#""status":"pass""#))
        #expect(text.contains(#""type":"end""#) || text.contains("footer"), "the record has its end")
    }

    @Test func aHangIsATimeout() throws {
        let outcome = try Self.run("--engine", "hang", "--timeout", "0.3", "--max-fail", "1")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("no answer within 0.3 seconds"), "\(outcome.output)")
    }

    @Test func memoryWithoutEndIsACrash() throws {
        let outcome = try Self.run("--engine", "memory", "--engine-memory", "400", "--max-fail", "1")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("MiB of memory, and may have 400"), "\(outcome.output)")
    }

    @Test func anEngineThatCannotBeMadeIsNotStarted() throws {
        let outcome = try Self.run("--engine", "unmade")
        #expect(outcome.status == 3)
        #expect(outcome.error.contains("engine 'unmade' could not be started: "), "\(outcome.error)")
        #expect(outcome.error.contains("no device"), "\(outcome.error)")
    }

    @Test func builtInEnginesRunInWorkersWhereThatIsAskedFor() throws {
        let outcome = try Self.run("--engine", "direct,im2col", "--in-workers")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
        #expect(outcome.error.contains("welcome"))
        let inside = try Self.run("--engine", "right", "--in-process")
        #expect(inside.status == 0)
        #expect(!inside.error.contains("welcome"))
    }

    @Test func aWorkerWithoutARunnerEnds() throws {
        let outcome = try Program.run(["serve", "--worker", "right"], executable: Self.command)
        #expect(outcome.status == 70)
        #expect(outcome.error.contains("find the runner that this worker is for"), "\(outcome.error)")
    }
}
