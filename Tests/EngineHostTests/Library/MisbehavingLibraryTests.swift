import Conformance
import EngineHost
import Testing

/// Whatever a library does in one call costs that case and no other.
struct MisbehavingLibraryTests {
    /// The engine of `misbehaving.c`, what becomes of its case, and what the answer must mention.
    typealias Fault = (engine: String, kind: String, says: [String])

    static let declined: [Fault] = [
        ("unsupported", "unsupported", ["not on Sundays"]),
        ("rejected", "rejected", ["odd"]),
        ("refused", "refused", ["no memory"]),
        ("error", "error", ["too hot"]),
        ("speechless", "unsupported", ["no reason given"]),
        ("status 42", "error", ["returned 42", "CONVCHECK_DONE (0)"]),
        ("status -1", "error", ["returned -1"]),
        ("message without end", "error", [String(repeating: "x", count: 4095)]),
        ("message too long", "error", ["up to 1 byte behind the end of the message"]),
        ("message not UTF-8", "error", ["caf\u{FFFD} "]),
        ("chats", "error", ["'all well'", "not JSON", "no message with CONVCHECK_DONE"]),
        ("unknown algorithm", "error", ["'winogard'", "direct, transform, winograd, fft"]),
        ("unknown field", "error", ["'algorithms' is not a known field", "implementation"]),
    ]

    static let memory: [Fault] = [
        ("writes nothing", "error", ["output element [0, 0, 0, 0] was never written (one of 6)"]),
        ("writes only the first", "error", ["output element [0, 0, 1, 0] was never written (one of 5)"]),
        ("behind the output", "error", ["up to 4 bytes behind the end of the output"]),
        ("before the output", "error", ["up to 8 bytes before the beginning of the output"]),
        ("behind the filter", "error", ["up to 4 bytes behind the end of the filter"]),
        ("changes the input", "error", ["changed its input at [0, 0, 0, 0] from 13.0 to 7.0"]),
        ("changes the filter", "error", ["changed its filter at [0, 0, 0, 0] from 0.0 to -0.0"]),
        ("changes the bias", "error", ["changed its bias at [0] from 5.0 to 6.0"]),
    ]

    static let deaths: [Fault] = [
        ("exits", "crash", ["exited with status 3"]),
        ("exits well", "crash", ["exited with status 0", "expected its answer"]),
        ("exits at once", "crash", ["exited with status 4"]),
        ("ends its thread", "crash", ["exited with status 0"]),
        ("aborts", "crash", ["SIGABRT"]),
        ("reads at 0", "crash", ["SIGSEGV"]),
        ("overflows the stack", "crash", ["SIGSEGV"]),
        ("closes everything", "crash", ["expected its answer"]),
        ("replaces its program", "crash", ["exited with status 0"]),
    ]

    @Test(arguments: declined + deaths)
    func `An answer that is none costs its case`(_ fault: Fault) throws {
        try check(fault, Requests.product(Requests.faulty, 1))
    }

    @Test(arguments: memory)
    func `Memory that is not written, or must not be, costs its case`(_ fault: Fault) throws {
        let problem = Problem(input: [1, 2, 3, 1], filter: [1, 1, 1, 1], biasCount: 1)
        try check(
            fault,
            EngineRequest(
                problem: problem, input: Tensor(shape: problem.input, elements: [Requests.faulty, 1, 2, 3, 4, 5]),
                filter: Tensor(shape: problem.filter, elements: [0]), bias: [5]))
    }

    @Test func `An element that is computed from the unwritten answer is told`() throws {
        try check(
            ("accumulates", "error", ["element [0, 0, 0, 0] was computed from what lay there"]),
            Requests.product(Requests.faulty, 1))
    }

    @Test(arguments: ["hangs", "hangs and is deaf"])
    func `A call that does not return is a timeout`(_ engine: String) throws {
        try check(
            (engine, "timeout", ["no answer within 0.2 seconds"]), Requests.product(Requests.faulty, 1),
            within: .milliseconds(200))
    }

    @Test(arguments: ["prints", "forks", "leaves a child", "changes signal handlers"])
    func `What does not concern the answer leaves it as it is`(_ engine: String) throws {
        let session = try LibraryEngine.quick(SharedLibrary.misbehaving(engine)).openSession()
        for _ in 0..<3 {
            let answer = session.answer(Requests.product(Requests.faulty, 1))
            #expect(answer.output?.elements == [1], "\(answer.words)")
        }
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
    }

    @Test func `A library says how it computed an output`() throws {
        let session = try LibraryEngine.quick(SharedLibrary.misbehaving("tells how")).openSession()
        guard case .output(_, let computation) = session.answer(Requests.product(Requests.faulty, 1)) else {
            Issue.record("there is no output")
            return
        }
        #expect(
            computation
                == Computation(algorithm: .winograd, tile: Extent(height: 2, width: 6), implementation: "f2"))
        guard case .output(_, let next) = session.answer(Requests.product(2, 3)) else {
            Issue.record("there is no output")
            return
        }
        #expect(next == Computation())
    }

    /// An engine that goes by the answer's shape alone must be told that the problem is invalid, not that it wrote nothing.
    @Test func `An invalid problem that is answered is an output`() throws {
        let session = try LibraryEngine.quick(SharedLibrary.misbehaving("strided")).openSession()
        var problem = Problem(
            input: [1, 4, 4, 2], filter: [2, 2, 2, 2], padding: .explicit(.none), groups: 1)
        problem.filter[2] = 1
        #expect(session.answer(Requests.counting(problem)).output?.shape == [1, 3, 3, 2])
        for stride in [0, -1, .min] {
            problem.strides.height = stride
            #expect(session.answer(Requests.counting(problem)).output?.shape == [1, 0, 3, 2], "stride \(stride)")
        }
        problem.strides.height = 1
        problem.dilations.width = .max
        #expect(session.answer(Requests.counting(problem)).output?.shape == [1, 3, 0, 2])
        problem.padding = .explicit(Pads(top: 1 << 30, bottom: 0, left: 1 << 30, right: 0))
        problem.dilations.width = 1
        #expect(session.answer(Requests.counting(problem)).output?.shape == [0, 0, 0, 0])
    }

    private func check(_ fault: Fault, _ request: EngineRequest, within limit: Duration = .seconds(20)) throws {
        let session = try LibraryEngine.quick(SharedLibrary.misbehaving(fault.engine)).openSession()
        let answer = session.answer(to: request, within: limit).words
        #expect(answer.kind == fault.kind, "\(answer)")
        for words in fault.says {
            #expect(answer.text.contains(words), "\(answer.text)")
        }
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
        #expect(session.answer(Requests.product(4, 5)).output?.elements == [20])
    }
}
