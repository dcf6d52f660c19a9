import Conformance
import EngineHost
import Testing

/// Whatever a child does to one request costs that request and no other.
struct MisbehavingEngineTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let name: String
        let code: String
        /// What the answer must mention.
        let says: [String]

        init(_ name: String, _ code: String, says: String...) {
            self.name = name
            self.code = code
            self.says = says
        }

        var testDescription: String { name }
    }

    static let crashes = [
        Fault("exits", "log('out of memory'); sys.exit(3)", says: "exited with status 3", "out of memory"),
        Fault("exits as if all were well", "sys.exit(0)", says: "exited with status 0", "expected its answer"),
        Fault("segmentation fault", "os.kill(os.getpid(), signal.SIGSEGV)", says: "SIGSEGV"),
        Fault(
            "dies in the middle of a tensor", "result(message, b'12'); os.abort()", says: "SIGABRT", "2 of 4 bytes"),
        Fault("closes its output", "os.close(1); time.sleep(60)", says: "closed its standard output"),
        Fault("stops reading and exits", "os.close(0); sys.exit(4)", says: "exited with status 4"),
        Fault(
            "dies and leaves a grandchild that holds the pipes",
            "subprocess.Popen(['/bin/sleep', '60']); os._exit(5)", says: "exited with status 5"),
    ]

    static let errors = [
        Fault("says so", "say({'type': 'error', 'id': message['id'], 'message': 'too hot'})", says: "too hot"),
        Fault("garbage", "sink.write(b'Hello\\x07 world\\n'); sink.flush()", says: #"'Hello\u{07} world'"#, "not JSON"),
        Fault("another message", "say({'type': 'pong', 'id': message['id']})", says: "'pong'", "result, unsupported"),
        Fault("no object", "say([1])", says: "'[1]'", "an object"),
        Fault("no id", "say({'type': 'error', 'message': 'where?'})", says: "'id' is missing", "where?"),
        Fault("wrong id", "result({'id': 77}, b'1234')", says: "request 77", "request 1"),
        Fault("wrong dtype", "result(message, b'12345678', dtype='float64')", says: "'float64'", "'float32'"),
        Fault("wrong name", "result(message, b'1234', name='out')", says: "'out'", "'output'"),
        Fault("wrong rank", "result(message, b'1234', shape=[1, 1, 1])", says: "[1, 1, 1]", "rank 4"),
        Fault("fractional extent", "result(message, b'1234', shape=[1, 1, 1, 1.5])", says: "1.5", "an integer"),
        Fault("negative extent", "result(message, b'', shape=[1, -1, 1, 1])", says: "[1, -1, 1, 1]", "0 or more"),
        Fault("large", "result(message, b'', shape=[1 << 25, 1, 1, 1])", says: "33554432", "at most 16777220"),
        Fault("beyond 64 bits", "result(message, b'', shape=[1 << 40, 1 << 40, 1, 1])", says: "1099511627776"),
        Fault("no tensor", "say({'type': 'result', 'id': 1})", says: "0 tensors", "expected 1"),
        Fault("too few bytes", "result(message, b'123'); sys.exit(0)", says: "output", "3 of 4 bytes", "status 0"),
        Fault("too few bytes, still there", "result(message, b'1'); os.close(1); time.sleep(60)", says: "1 of 4 bytes"),
        Fault("too many bytes", "result(message, b'1234567')", says: "'567'", "after the end of an answer"),
        Fault("a line too long", "sink.write(b'x' * 70000); sink.flush()", says: "'xxxx", "65536 bytes"),
        Fault("a line without end", "sink.write(b'{'); sink.flush(); sys.exit(0)", says: "within a line: '{'"),
    ]

    static let hangs = [
        Fault("silence", "time.sleep(60)", says: "no answer within 0.2 seconds"),
        Fault("silence, deaf to signals", "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", says: "0.2"),
        Fault("stops in a line", "sink.write(b'{\"type'); sink.flush(); time.sleep(60)", says: #"'{"type'"#),
        Fault("stops in a tensor", "result(message, b'12'); time.sleep(60)", says: "2 of 4 bytes of output"),
        Fault("trickles", "result(message, b'1')\nwhile True: log('.')", says: "1 of 4 bytes of output"),
    ]

    @Test(arguments: crashes)
    func `A child that dies is a crash`(_ fault: Fault) throws {
        try check(fault, is: "crash", within: .seconds(20))
    }

    @Test(arguments: errors)
    func `An answer that is none is an error`(_ fault: Fault) throws {
        try check(fault, is: "error", within: .seconds(20))
    }

    @Test(arguments: hangs)
    func `A child that does not answer is a timeout`(_ fault: Fault) throws {
        try check(fault, is: "timeout", within: .milliseconds(200))
    }

    private func check(_ fault: Fault, is kind: String, within limit: Duration) throws {
        let session = try CommandEngine.session(PythonEngine.command(fault: fault.code))
        let start = ContinuousClock.now
        let answer = session.answer(to: Requests.product(Requests.faulty, 1), within: limit).words
        #expect(answer.kind == kind, "\(answer)")
        for words in fault.says {
            #expect(answer.text.contains(words))
        }
        #expect(start.duration(to: .now) < .seconds(5))
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
        #expect(session.answer(Requests.product(4, 5)).output?.elements == [20])
    }

    @Test func `What is said between two requests is held against the second`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(fault: "result(message, b'1234')\ntime.sleep(0.1)\nsay('and another thing')"))
        #expect(session.answer(Requests.product(Requests.faulty, 1)).output != nil)
        // The pipe must have it before the next request, however slow the child.
        while session.answer(Requests.product(Requests.faulty, 1)).output != nil {}
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
    }

    @Test func `A child that does not read its input is a timeout`() throws {
        let session = try CommandEngine.session(PythonEngine.command("greet()\ntime.sleep(60)"))
        let answer = session.answer(to: Requests.identity(height: 1024, width: 1024), within: .milliseconds(200)).words
        #expect(answer.kind == "timeout")
        #expect(answer.text.contains(/it took \d+ of 4194\d\d\d bytes of the request/), "\(answer.text)")
    }

    @Test func `A child that reads slowly is a timeout, although its answer is there`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command("greet()\nsay({'type': 'unsupported', 'id': hear()['id']})\ntime.sleep(60)"))
        let answer = session.answer(to: Requests.identity(height: 1024, width: 1024), within: .milliseconds(200)).words
        #expect(answer.kind == "timeout")
    }
}
