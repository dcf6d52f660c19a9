import Foundation
import Testing
import _TestSupport

/// What is written arrives, or is said not to have; and no report takes the place of something else.
@Suite struct OutputTests {
    /// Runs a command of a shell, in which `$convcheck` is the program.
    private func shell(_ command: String, in folder: URL = Repository.root) throws -> ProgramOutcome {
        try Program.run(
            ["-c", command], executable: URL(filePath: "/bin/bash"),
            environment: ["convcheck": Program.executable.path],
            in: folder)
    }

    private static let commands = [
        "--help", "--version", "run --help", "list --suite examples --suites", "list --suite examples", "engines",
        "verify --suite examples",
        "show examples/$($convcheck list --quiet --suite examples | head -1 | cut -d/ -f2)",
        "run --suite examples --engine direct", "selftest --suite examples --fault flipped-kernel",
    ]

    @Test(arguments: commands) func aFullOrClosedOutputIsStatus70(_ command: String) throws {
        let full = try shell("$convcheck \(command) >/dev/full")
        #expect(full.status == 70)
        #expect(full.error.contains("cannot write 'standard output': No space left on device"))
        let closed = try shell("$convcheck \(command) >&-")
        #expect(closed.status == 70)
        #expect(closed.error.contains("cannot write 'standard output': Bad file descriptor"))
    }

    @Test(arguments: commands) func aReaderWhoLeavesIsNoFault(_ command: String) throws {
        let outcome = try shell("$convcheck \(command) | true; exit ${PIPESTATUS[0]}")
        #expect(outcome.status == 0)
        #expect(outcome.error.isEmpty)
    }

    @Test func serveSaysThatItCannotAnswer() throws {
        let hello = #"{"type":"hello","version":1}"#
        #expect(try shell("echo '\(hello)' | $convcheck serve direct >/dev/full").status == 70)
        #expect(try shell("echo '\(hello)' | $convcheck serve direct >&-").status == 70)
    }

    @Test func aClosedOutputIsNotTheReport() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            ["-c", "\"$convcheck\" run --suite examples --engine direct --jsonl '\(folder.url.path)/record' >&-"],
            executable: URL(filePath: "/bin/bash"), environment: ["convcheck": Program.executable.path])
        #expect(outcome.status == 70)
        let record = try String(contentsOf: folder.url.appending(path: "record"), encoding: .utf8)
        #expect(record.split(separator: "\n").allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
    }

    @Test func anOldReportDoesNotSurviveAFailedRun() throws {
        let folder = try TemporaryFolder()
        let report = folder.url.appending(path: "report.xml")
        for arguments in [["--engine", "cmd:/bin/false"], ["--golden", "/nowhere"], ["--suite", "gird"]] {
            try "old".write(to: report, atomically: true, encoding: .utf8)
            let outcome = try Program.run(["run", "--junit", report.path] + arguments)
            #expect(outcome.status != 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
        }
    }

    @Test func aReportTakesThePlaceOfNothingThatIsRead() throws {
        let folder = try TemporaryFolder()
        try folder.addGoldens(["examples.h5"])
        try "adapter".write(to: folder.url.appending(path: "adapter.py"), atomically: true, encoding: .utf8)
        for (command, word) in [
            ("--jsonl examples.h5", "golden"), ("--jsonl link", "golden"), ("--markdown hard", "golden"),
            ("--html link", "golden"), ("--html report --junit ./report", "--junit"),
            ("--jsonl report --junit ./report", "--jsonl"), ("--junit adapter.py", "command"),
            ("--junit console", "standard output"),
        ] {
            let outcome = try shell(
                "ln -sf examples.h5 link; ln -f examples.h5 hard; "
                    + "$convcheck run --golden . --engine 'cmd:python3 adapter.py' \(command) >console", in: folder.url)
            #expect(outcome.status == 2, "\(command): \(outcome.error)")
            #expect(outcome.error.contains(word), "\(command): \(outcome.error)")
        }
        let page = try shell("$convcheck selftest --golden . --markdown link", in: folder.url)
        #expect(page.status == 2)
        #expect(page.error.contains("it is a golden file"))
        let golden = Repository.root.appending(path: "Golden/examples.h5")
        #expect(
            try Data(contentsOf: folder.url.appending(path: "examples.h5")) == Data(contentsOf: golden))
        #expect(try String(contentsOf: folder.url.appending(path: "adapter.py"), encoding: .utf8) == "adapter")
        #expect(!FileManager.default.fileExists(atPath: folder.url.path + "/report"))
    }

    @Test func streamsTakeReports() throws {
        let run = "$convcheck run --suite examples --engine direct --quiet"
        #expect(try shell("\(run) --jsonl /dev/stdout | grep -c '^{'").output == "22\n")
        let folder = try TemporaryFolder()
        let redirected = try shell(
            "\(run) --golden '\(Repository.root.path)/Golden' --jsonl /dev/stdout >all; grep -c '^{' all; grep passed all",
            in: folder.url)
        #expect(redirected.output.hasPrefix("22\npassed: all 20 checks"), "\(redirected.output)\(redirected.error)")
        #expect(try shell("\(run) --jsonl /dev/null --junit /dev/null").status == 0)
        #expect(try shell("\(run) --junit >(grep -c '<testcase' >&2); wait $!").error == "20\n")
    }

    @Test func goldensAreNamedByTheEnvironment() throws {
        let folder = try TemporaryFolder()
        try folder.addGoldens(["examples.h5"])
        let variable = ["CONVCHECK_GOLDEN": folder.url.path]
        #expect(try Program.run(["list", "--suites"], environment: variable).output.hasPrefix("examples  "))
        let missing = try Program.run(["list"], environment: ["CONVCHECK_GOLDEN": "/nowhere"])
        #expect(missing.status == 2)
        #expect(missing.error.contains("'/nowhere', which CONVCHECK_GOLDEN names"))
        // The option comes first, and from elsewhere the package's own are found.
        #expect(
            try Program.run(["list", "--golden", folder.url.path], environment: ["CONVCHECK_GOLDEN": "/x"]).status == 0)
        #expect(
            try Program.run(["list", "--suites"], in: folder.url.deletingLastPathComponent()).output.contains("grid"))
    }

    @Test func whatAnEngineWritesToItsStandardErrorIsHarmless() throws {
        let outcome = try Program.run([
            "run", "--engine", #"cmd:sh -c 'printf "::error::x\n\033[2J  ##[error]y\n" >&2; exit 1'"#, "--suite",
            "examples",
        ])
        #expect(outcome.status == 3)
        #expect(!outcome.error.contains("\u{1B}"))
        #expect(!outcome.error.split(separator: "\n").contains { $0.drop { $0 == " " }.hasPrefix("::") })
        #expect(!outcome.error.contains("##["))
    }
}
