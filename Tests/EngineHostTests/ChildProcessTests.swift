import Conformance
import EngineHost
import Foundation
import Testing

/// What a child inherits, and what is left of it afterwards.
struct ChildProcessTests {
    @Test func `A child inherits three descriptors`() throws {
        // Without close-on-exec, as libhdf5 opens the golden files.
        let golden = open("/dev/null", O_RDONLY)
        defer { close(golden) }
        let lines = Lines()
        let engine = try CommandEngine.quick(
            PythonEngine.command("log(os.listdir('/proc/self/fd')); greet(); hear()"), lines: lines)
        withExtendedLifetime(engine) {
            // The fourth is the folder that is being listed.
            #expect(lines.all == ["['0', '1', '2', '3']"])
        }
    }

    @Test func `A child has the usual signals`() throws {
        // As a command line does that waits for interrupts in its own way.
        let ignored = signal(SIGUSR2, SIG_IGN)
        var blocked = sigset_t()
        var before = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGUSR1)
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        defer {
            signal(SIGUSR2, ignored)
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        let lines = Lines()
        let engine = try CommandEngine.quick(
            PythonEngine.command(
                """
                status = dict(line.split(":\\t") for line in open("/proc/self/status") if line.startswith("Sig"))
                log(int(status["SigBlk"], 16))
                log(int(status["SigIgn"], 16) >> (signal.SIGUSR2 - 1) & 1)
                greet()
                hear()
                """), lines: lines)
        withExtendedLifetime(engine) {
            #expect(lines.all == ["0", "0"])
        }
    }

    @Test func `A session's end is the end of its child's input`() throws {
        let lines = Lines()
        do {
            let session = try CommandEngine.session(
                PythonEngine.command("greet()\nrest = source.read()\nlog(f'bye {rest}')"), lines: lines)
            withExtendedLifetime(session) {}
        }
        #expect(lines.all == ["bye b''"])
    }

    @Test func `A child that stays after the end of its input is killed`() throws {
        let lines = Lines()
        do {
            let engine = try CommandEngine.quick(
                PythonEngine.command("log(os.getpid()); greet(); time.sleep(60)"), closing: .milliseconds(200),
                lines: lines)
            withExtendedLifetime(engine) {}
        }
        let pid = try #require(lines.all.first.flatMap { Int32($0) })
        #expect(!exists(pid))
    }

    @Test func `A child that hangs is killed with all that it started`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(
                fault: """
                    log(os.getpid())
                    log(subprocess.Popen(['/bin/sleep', '60']).pid)
                    time.sleep(60)
                    """))
        let answer = session.answer(to: Requests.product(Requests.faulty, 1), within: .seconds(1)).words
        #expect(answer.kind == "timeout")
        let pids = answer.text.split(separator: "\n").compactMap { Int32($0.drop { $0 == " " }) }
        try #require(pids.count == 2)
        #expect(!exists(pids[0]), "not waited for")
        // The grandchild is the init process's to wait for.
        let deadline = ContinuousClock.now + .seconds(5)
        while isRunning(pids[1]), .now < deadline { usleep(1000) }
        #expect(!isRunning(pids[1]))
    }
}
