import Conformance
import EngineHost
import Foundation
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
        ("message not UTF-8", "error", ["caf\u{FFFD} "]),
        ("chats", "error", ["'all well'", "not JSON", "no message with CONVCHECK_DONE"]),
        ("unknown algorithm", "error", ["'winogard'", "direct, transform, winograd, fft"]),
        ("punches holes", "changed", ["it changed its input"]),
        ("unknown field", "error", ["'algorithms' is not a known field", "implementation"]),
    ]

    static let deaths: [Fault] = [
        ("exits", "crash", ["exited with status 3"]),
        ("exits well", "crash", ["exited with status 0", "expected its answer"]),
        ("exits at once", "crash", ["exited with status 4"]),
        ("ends its thread", "crash", ["exited with status 0"]),
        ("aborts", "crash", ["SIGABRT"]),
        ("kills its group", "crash", ["SIGKILL"]),
        ("divides by zero", "crash", ["SIGFPE"]),
        ("jumps far away", "crash", ["expected its answer"]),
        ("closes the answers", "crash", ["expected its answer"]),
        ("floods the answers", "error", ["a frame of"]),
        ("greets again", "error", ["a frame of"]),
        ("speaks of much", "error", ["a frame of 9223372036854775807 words"]),
        ("takes its output away", "crash", ["memory that the engine was given", "SIGSEGV"]),
        ("reads at 0", "crash", ["SIGSEGV"]),
        ("overflows the stack", "crash", ["SIGSEGV"]),
        ("closes everything", "crash", ["expected its answer"]),
        ("replaces its program", "crash", ["exited with status 0"]),
    ]

    @Test(arguments: declined + deaths)
    func `An answer that is none costs its case`(_ fault: Fault) throws {
        try check(fault, Requests.product(Requests.faulty, 1))
    }

    @Test(arguments: ["hangs", "hangs and is deaf", "stops itself"])
    func `A call that does not return is a timeout`(_ engine: String) throws {
        try check(
            (engine, "timeout", ["no answer within 0.2 seconds"]), Requests.product(Requests.faulty, 1),
            within: .milliseconds(200))
    }

    @Test(arguments: [
        "prints", "forks", "leaves a child", "changes signal handlers", "changes the folder", "clears the environment",
        "rounds down", "traps what is inexact", "flushes subnormal numbers", "blocks signals", "ignores signals",
        "closes the standard streams", "opens files without end", "allows itself no files", "allows itself no stack",
        "lowers its priority", "masks what it makes", "renames itself", "locks its memory", "grows what it shares",
        "hangs as it ends",
    ])
    func `What does not concern the answer leaves it as it is`(_ engine: String) throws {
        let session = try LibraryEngine.quick(SharedLibrary.misbehaving(engine)).openSession()
        for _ in 0..<3 {
            let answer = session.answer(Requests.product(Requests.faulty, 1))
            #expect(answer.output?.elements == [1], "\(answer.words)")
        }
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
    }

    @Test(arguments: [
        "exits later", "takes the next request", "closes the requests", "allows itself no memory",
        "seals what it shares",
        "sets an alarm",
    ])
    func `What it leaves behind may cost the next case, and no other`(_ engine: String) throws {
        let session = try LibraryEngine.quick(SharedLibrary.misbehaving(engine)).openSession()
        #expect(session.answer(Requests.product(Requests.faulty, 1)).output?.elements == [1])
        usleep(60_000)
        // So large that more memory has to be shared.
        let large = Requests.identity(height: 300, width: 300)
        let answer = session.answer(to: large, within: .milliseconds(400)).words
        // It answers the first element alone.
        let kinds = ["unwritten", "refused", "crash", "error", "timeout"]
        #expect(kinds.contains(answer.kind) && !answer.text.isEmpty, "\(answer)")
        if answer.kind == "refused" { return }
        // Of two who read the requests, it is by chance who gets the first one.
        let next = session.answer(to: Requests.product(2, 3), within: .seconds(2))
        if next.output?.elements == [6] { return }
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6], "\(next.words)")
    }

    @Test(arguments: ["takes all memory", "chats and takes all memory", "fills what it shares"])
    func `Memory without end ends the library's process`(_ engine: String) throws {
        let library = try LibraryEngine.quick(SharedLibrary.misbehaving(engine), memory: 300 << 20)
        let answer = try library.openSession().answer(Requests.product(Requests.faulty, 1)).words
        #expect(answer.kind == "crash" && answer.text.contains("MiB of memory, and may have 300"), "\(answer)")
    }

    @Test func `An exception that leaves a function costs its case`() throws {
        let code = """
            #include <convcheck_engine.h>
            extern "C" const char *convcheck_capabilities_v1(const char *) { return "{}"; }
            extern "C" convcheck_status convcheck_convolve_v1(const convcheck_request *r) {
                float *input = static_cast<float *>(r->input->data), *filter = static_cast<float *>(r->filter->data);
                if (input[0] == 13) throw 7;
                return static_cast<float *>(r->answer->data)[0] = input[0] * filter[0], CONVCHECK_DONE;
            }
            """
        let session = try LibraryEngine.quick(SharedLibrary.compiled(code: code, as: "cpp")).openSession()
        let answer = session.answer(Requests.product(Requests.faulty, 1)).words
        #expect(answer.kind == "crash" && answer.text.contains("SIGABRT"), "\(answer)")
        #expect(answer.text.contains("terminate called after throwing"), "\(answer)")
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
