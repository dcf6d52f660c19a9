import Foundation
import Testing
import _TestSupport

/// `--confine` on the command line.
@Suite struct ConfinementTests {
    private static let command = Program.executable.deletingLastPathComponent().appending(path: "crashing-engines")

    @Test(
        arguments: ["right", "cmd:/usr/bin/python3 Scripts/engines/numpy_engine.py"], ["--confine", "--confine=strict"])
    func aConfinedEngineComputesAsAlways(_ engine: String, _ option: String) throws {
        let outcome = try Program.run(
            ["run", "--engine", engine, "--suite", "examples", option], executable: Self.command)
        // This system may not be able to.
        if option == "--confine=strict", outcome.status == 3 { return }
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
        #expect(outcome.output.contains("passed: all 20 checks"))
    }

    /// Executes its arguments on a system without Landlock, as an older one is: its first call says that there is none.
    private static let withoutLandlock = """
        import ctypes, os, struct, sys
        filters = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x50000 | 38), (0x06, 0, 0, 0x7FFF0000)]
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in filters))
        program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(filters), ctypes.addressof(code)))
        library = ctypes.CDLL(None)
        if library.prctl(38, 1, 0, 0, 0) != 0 or library.prctl(22, 2, program, 0, 0) != 0:
            sys.exit(99)
        os.execv(sys.argv[1], sys.argv[1:])
        """

    @Test func whatTheSystemCannotDoIsSaidAndStrictRefuses() throws {
        let python = URL(filePath: "/usr/bin/python3")
        func run(_ options: String..., engine: String = "right") throws -> ProgramOutcome {
            let words = [Self.command.path, "run", "--engine", engine, "--suite", "examples"] + options
            return try Program.run(["-c", Self.withoutLandlock] + words, executable: python)
        }
        let said = "this system does not keep engines from files: Landlock is not there"
        let strict = try run("--confine=strict")
        #expect(strict.status == 3, "\(strict.error)")
        #expect(strict.error.contains("--confine=strict: nothing is run") && strict.error.contains(said))
        #expect(!strict.output.contains("pass"), "\(strict.output)")
        let possible = try run("--confine")
        #expect(possible.status == 0, "\(possible.error)")
        #expect(possible.error.contains("--confine: " + said), "\(possible.error)")
        // Signals do without it, but where processes are allowed.
        #expect(!possible.error.contains("signals"), "\(possible.error)")
        let compilers = try run("--confine", "--confine-compilers")
        #expect(compilers.error.contains("does not keep engines from signals to other processes"), "\(compilers.error)")
        let folder = try TemporaryFolder()
        try folder.write(
            """
            import os, sys
            try:
                os.kill(os.getppid(), 0)
            except PermissionError:
                sys.exit("its signal was kept back")
            """, to: "signals.py")
        let signalling = "cmd:/usr/bin/python3 -I -S \(folder.file("signals.py"))"
        let kept = try run("--confine", engine: signalling)
        #expect(kept.status == 3 && kept.error.contains("its signal was kept back"), "\(kept.error)")
        let unconfined = try run(engine: signalling)
        #expect(unconfined.status == 3 && !unconfined.error.contains("kept back"), "\(unconfined.error)")
    }

    /// Whoever is killed cleans up no more.
    @Test func whatCompilersMayWriteToIsGoneThoughTheRunIsKilled() throws {
        let folder = try TemporaryFolder()
        func areThere() -> Bool {
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
            return names?.contains { $0.hasPrefix("convcheck-scratch-") } ?? false
        }
        func wait(until isSo: () -> Bool) {
            for _ in 0..<3000 where !isSo() { usleep(10_000) }
        }
        _ = try Program.run(
            ["run", "--engine", "hang", "--suite", "examples", "--confine", "--confine-compilers"],
            executable: Self.command, environment: ["TMPDIR": folder.path]
        ) { process in
            wait { areThere() }
            #expect(areThere())
            kill(process.processIdentifier, SIGKILL)
        }
        wait { !areThere() }
        #expect(!areThere())
    }

    @Test(arguments: [
        (["--suite", "examples", "--confine=hard"], "--confine"),
        (["--confine", "--in-process"], "contradict each other"),
        (["--confine-allow", "/tmp"], "--confine-allow goes with --confine"),
        (["--confine-compilers"], "--confine-compilers goes with --confine"),
        (["--engine-memory", "0"], "--engine-memory is 0, expected at least 1 MiB"),
        (["--repeat", "0"], "--repeat is 0, expected at least 1"),
    ])
    func wrongUsageIsSaid(_ arguments: [String], _ says: String) throws {
        let outcome = try Program.run(["run", "--engine", "direct"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.error.contains(says), "\(outcome.error)")
    }

    @Test func theSeedOfTheOrderIsSaidAndRecorded() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            [
                "run", "--engine", "direct", "--suite", "examples", "--shuffle", "--repeat", "2", "--jsonl",
                folder.file("a"),
            ])
        #expect(outcome.status == 0, "\(outcome.error)")
        let seed = try #require(outcome.error.firstMatch(of: /--order-seed (\d+)/)?.1)
        let record = try String(contentsOfFile: folder.file("a"), encoding: .utf8)
        #expect(record.contains("\"order_seed\":\(seed)") && record.contains("\"asked\":2"))
    }
}
