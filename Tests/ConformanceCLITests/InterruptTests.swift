import Foundation
import Testing
import _TestSupport

/// A run that is cut off: by a signal that it takes, or by one that it cannot take.
@Suite struct InterruptTests {
    /// A program that is running, with its streams in files.
    private final class Running {
        let process = Process()
        private let folder: TemporaryFolder

        init(_ arguments: [String], output: Pipe? = nil, error: Pipe? = nil) throws {
            folder = try TemporaryFolder()
            // Whoever started the tests may ignore signals, and a child inherits that.
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["--default-signal", Program.executable.path] + arguments
            // A backtrace, which SIGQUIT asks for, may take longer than a test waits.
            process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
            process.currentDirectoryURL = Repository.root
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try output ?? file("output")
            process.standardError = try error ?? file("error")
            try process.run()
        }

        private func file(_ name: String) throws -> Any {
            let path = folder.url.appending(path: name)
            try Data().write(to: path)
            return try FileHandle(forWritingTo: path)
        }

        var error: String {
            (try? String(contentsOf: folder.url.appending(path: "error"), encoding: .utf8)) ?? ""
        }

        /// The exit status; where it has not ended in time, it is killed.
        func status(within limit: Duration) -> Int32 {
            if !eventually(within: limit, { !process.isRunning }) { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    /// An engine that hangs as it greets or over its first case, and has written its number to a file before.
    private static func hanging(whileGreeting: Bool, number: URL) -> String {
        let hello = #"{"type":"hello","protocol":1,"engine":{"name":"hanging"}}"#
        let quoted = hello.replacing("\"", with: "\\\"")
        let greeting = whileGreeting ? "" : #"read hello; echo "\#(quoted)"; read problem; "#
        return #"cmd:sh -c '\#(greeting)echo $$ > \#(number.path); exec sleep 60'"#
    }

    /// Runs the program until its engine hangs.
    private func withHangingEngine(
        whileGreeting: Bool = false, _ body: (Running, _ engine: Int32) throws -> Void
    ) throws {
        let folder = try TemporaryFolder()
        let number = folder.url.appending(path: "number")
        let engine = InterruptTests.hanging(whileGreeting: whileGreeting, number: number)
        let running = try Running(["run", "--suite", "examples", "--jobs", "1", "--engine", engine])
        var pid: Int32?
        _ = eventually(within: .seconds(30)) {
            let text = (try? String(contentsOf: number, encoding: .utf8)) ?? ""
            pid = text.hasSuffix("\n") ? Int32(text.dropLast()) : nil
            return pid != nil || !running.process.isRunning
        }
        try body(running, try #require(pid, "\(running.error)"))
    }

    @Test func aHangingCaseDoesNotHoldUpAnInterruptedRun() throws {
        try withHangingEngine { running, engine in
            let start = ContinuousClock.now
            running.process.interrupt()
            #expect(running.status(within: .seconds(20)) == 130)
            // A second on an idle machine; the engine would hang for a minute.
            #expect(start.duration(to: .now) < .seconds(8))
            #expect(running.error.contains("\nconvcheck: interrupted; ending the run (again: at once)\n"))
            #expect(eventually(within: .seconds(10)) { !runs(engine) })
        }
    }

    @Test func aSecondInterruptEndsTheRunAtOnce() throws {
        // A reader that does not read: the run cannot tell how it ended.
        let output = Pipe()
        let running = try Running(
            ["run", "--engine", "direct", "--suite", "grid", "--quiet", "--jsonl", "/dev/stdout"], output: output)
        #expect(
            eventually(within: .seconds(30)) {
                var unread: Int32 = 0
                return ioctl(output.fileHandleForReading.fileDescriptor, UInt(FIONREAD), &unread) == 0 && unread > 0
            })
        running.process.interrupt()
        #expect(eventually(within: .seconds(20)) { running.error.contains("interrupted") })
        Thread.sleep(forTimeInterval: 1)
        #expect(running.process.isRunning)
        running.process.interrupt()
        #expect(running.status(within: .seconds(20)) == 130)
    }

    @Test(arguments: [SIGKILL, SIGHUP, SIGQUIT], [false, true])
    func anEngineDoesNotOutliveARunThatASignalEnds(_ signal: Int32, whileGreeting: Bool) throws {
        try withHangingEngine(whileGreeting: whileGreeting) { running, engine in
            kill(running.process.processIdentifier, signal)
            #expect(running.status(within: .seconds(20)) == signal)
            #expect(eventually(within: .seconds(10)) { !runs(engine) })
        }
    }

    @Test func anInterruptWhileAnEngineGreetsEndsBoth() throws {
        try withHangingEngine(whileGreeting: true) { running, engine in
            running.process.interrupt()
            #expect(running.status(within: .seconds(20)) == SIGINT)
            #expect(eventually(within: .seconds(10)) { !runs(engine) })
        }
    }

    @Test func aStandardErrorThatNobodyReadsHoldsNothingUp() throws {
        let engine = #"cmd:sh -c 'yes | head -c 4000000 >&2; exec "$0" serve direct' "# + Program.executable.path
        let error = Pipe()
        let running = try Running(["run", "--suite", "examples", "--jobs", "1", "--engine", engine], error: error)
        #expect(running.status(within: .seconds(60)) == 0)
        withExtendedLifetime(error) {}
    }
}

/// Whether something comes true before the time is over.
private func eventually(within limit: Duration, _ isTrue: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + limit
    while !isTrue() {
        if .now >= deadline { return false }
        usleep(10_000)
    }
    return true
}

/// Whether a process runs: not one that has ended and that nobody has waited for.
private func runs(_ pid: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    return status.split(separator: ") ").last?.first != "Z"
}
