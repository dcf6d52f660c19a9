import EngineHost
import Foundation
import Testing

struct InterruptionTests {
    /// "9" is SIGKILL, which nobody can catch.
    @Test(arguments: [("exit", 130), ("_exit", 130), ("1", 1), ("3", 3), ("9", 9), ("15", 15)] as [(String, Int32)])
    func `A child that hangs does not outlive its runner, nor what it started`(
        _ ending: String, _ status: Int32
    ) throws {
        let hanging = PythonEngine.command(
            """
            greet()
            message = subprocess.Popen(['/bin/sleep', '60'], stdin=0, stdout=1, stderr=subprocess.DEVNULL)
            open(os.environ['PIDS'], 'w').write(f'{os.getpid()} {message.pid}\\n')
            time.sleep(60)
            """)
        let command = try EngineCommand.served(ending, hanging.text)
        let list = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        defer { try? FileManager.default.removeItem(at: list) }
        let host = Foundation.Process()
        host.executableURL = URL(filePath: command.words[0])
        host.arguments = Array(command.words.dropFirst())
        host.environment = ProcessInfo.processInfo.environment.merging(["PIDS": list.path]) { $1 }
        try host.run()
        host.waitUntilExit()
        #expect(host.terminationStatus == status)
        let pids = try String(contentsOf: list, encoding: .utf8).split(whereSeparator: \.isWhitespace).compactMap {
            Int32($0)
        }
        try #require(pids.count == 2)
        for pid in pids { #expect(ends(pid)) }
    }

    /// While it greets, a run has not yet told anybody of the child.
    @Test(arguments: [SIGKILL, SIGHUP, SIGQUIT, SIGTERM])
    func `A child that greets does not outlive its runner`(_ signal: Int32) throws {
        let list = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        defer { try? FileManager.default.removeItem(at: list) }
        let silent = PythonEngine.command(
            "open(os.environ['PIDS'], 'w').write(f'{os.getpid()}\\n'); time.sleep(60)")
        let command = try EngineCommand.served("9", silent.text)
        let host = Foundation.Process()
        // Whoever started the tests may ignore signals, and a child inherits that.
        host.executableURL = URL(filePath: "/usr/bin/env")
        host.arguments = ["--default-signal"] + command.words
        // A backtrace, which SIGQUIT asks for, may take longer than a test waits.
        host.environment = ProcessInfo.processInfo.environment.merging(
            ["PIDS": list.path, "SWIFT_BACKTRACE": "enable=no"]
        ) { $1 }
        try host.run()
        var pid: Int32?
        let deadline = ContinuousClock.now + .seconds(20)
        while pid == nil, .now < deadline {
            usleep(10_000)
            let text = (try? String(contentsOf: list, encoding: .utf8)) ?? ""
            pid = text.hasSuffix("\n") ? Int32(text.dropLast()) : nil
        }
        kill(host.processIdentifier, signal)
        host.waitUntilExit()
        #expect(host.terminationStatus == signal)
        #expect(ends(try #require(pid)))
    }

    private func ends(_ pid: Int32) -> Bool {
        let deadline = ContinuousClock.now + .seconds(5)
        while isRunning(pid), .now < deadline { usleep(1000) }
        return !isRunning(pid)
    }
}
