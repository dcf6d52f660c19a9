import Conformance
import Convolution
import Testing
import _TestSupport

@testable import EngineHost

/// Registered engines in processes of their own.
struct WorkerEngineTests {
    private static func engine(
        _ name: String, memory: Int? = nil, lines: Lines = Lines()
    ) throws -> WorkerEngine {
        try WorkerEngine(
            name, worker: EngineCommand.served("worker", name).words,
            limits: EngineLimits(greeting: .seconds(20), memory: memory), standardError: { lines.add($0) })
    }

    @Test func `An engine is who it is in its process`() throws {
        let engine = try Self.engine("textbook")
        #expect(engine.name == "textbook")
        #expect(engine.specification == "textbook")
        #expect(engine.version == "1.5")
        #expect(engine.capabilities.groups == false)
        #expect(engine.capabilities.arithmetic == .bfloat16)
    }

    /// Every operation, type, layout and quantization crosses the memory and comes back.
    @Test(arguments: TypedRequests.problems, [LayoutPair.golden, LayoutPair(.nchw, .oihw)])
    func `A request and its answer arrive as they are`(_ problem: Problem, _ layouts: LayoutPair) throws {
        let request = try TypedRequests.request(problem, layouts: layouts)
        let session = try Self.engine("every type").openSession()
        let want = try definition(request.problem, request.operands)
        guard case .output(let got, _) = session.answer(request) else {
            Issue.record("there is no output")
            return
        }
        #expect(got.type == want.type)
        #expect(got.reordered(to: .logical).bytes == want.reordered(to: .logical).bytes)
    }

    @Test func `Large memory before an answer is given back`() throws {
        let memory = try SharedMemory()
        try memory.reserve(200_000)
        memory.bytes.initializeMemory(as: UInt8.self, repeating: 7)
        #expect(!memory.drop(before: 100_000))
        #expect(!memory.drop(before: memory.bytes.count + 1, keeping: 0))
        let stored = memory.stored
        #expect(memory.drop(before: 100_000, keeping: 99_999))
        #expect(memory.stored == stored - 98_304)
        #expect(memory.bytes[..<98_304].allSatisfy { $0 == 0 } && memory.bytes[98_304...].allSatisfy { $0 == 7 })
    }

    @Test func `What an engine says of its answer arrives`() throws {
        let session = try Self.engine("textbook").openSession()
        let problem = Problem(input: [1, 4, 4, 1], filter: [2, 2, 1, 1])
        guard case .output(_, let computation) = session.answer(Requests.counting(problem)) else {
            Issue.record("there is no output")
            return
        }
        #expect(
            computation
                == Computation(
                    algorithm: .winograd, tile: Extent(height: 2, width: 6), arithmetic: .float32,
                    implementation: "textbook, stride \(problem.strides)"))
        var refused = problem
        refused.strides.height = 7
        #expect(session.answer(Requests.counting(refused)).words == ("refused", "no room for a stride of 7"))
        var hot = problem
        hot.dilations.width = 2
        #expect(session.answer(Requests.counting(hot)).words == ("error", "dilations overheat it"))
        var invalid = problem
        invalid.strides.width = 0
        #expect(session.answer(Requests.counting(invalid)).words.kind == "rejected")
    }

    @Test func `Large tensors and small ones follow each other`() throws {
        let session = try Self.engine("textbook").openSession()
        for height in [3, 3000, 2, 2500, 1] {
            let request = Requests.identity(height: height, width: 1000)
            let answer = session.answer(request)
            #expect(answer.tensor == request.operands.input, "\(height): \(answer.words)")
        }
    }

    @Test(arguments: [
        ("fatal error", ["too hot"]), ("index out of range", ["Index out of range"]),
        ("exit", ["exited with status 3, expected its answer"]),
    ])
    func `A death costs its case and is told in few words`(_ name: String, _ says: [String]) throws {
        let session = try Self.engine(name).openSession()
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
        for _ in 0..<3 {
            let answer = session.answer(Requests.product(Requests.faulty, 1)).words
            #expect(answer.kind == "crash", "\(answer)")
            for words in says { #expect(answer.text.contains(words), "\(answer.text)") }
            #expect(answer.text.split(separator: "\n").count <= 4, "\(answer.text)")
        }
        #expect(session.answer(Requests.product(4, 5)).output?.elements == [20])
    }

    @Test func `Whatever hangs is a timeout`() throws {
        let session = try Self.engine("hang").openSession()
        let answer = session.answer(to: Requests.product(Requests.faulty, 1), within: .milliseconds(300)).words
        #expect(answer.kind == "timeout")
        #expect(session.answer(Requests.product(4, 5)).output?.elements == [20])
    }

    @Test func `Memory without end ends the engine, and not the machine`() throws {
        let session = try Self.engine("runaway memory", memory: 300 << 20).openSession()
        let answer = session.answer(Requests.product(Requests.faulty, 1)).words
        #expect(answer.kind == "crash")
        #expect(answer.text.contains("MiB of memory, and may have 300"), "\(answer.text)")
        #expect(session.answer(Requests.product(4, 5)).output?.elements == [20])
    }

    @Test func `What is printed is no answer`() throws {
        let lines = Lines()
        let session = try Self.engine("print", lines: lines).openSession()
        #expect(session.answer(Requests.product(Requests.faulty, 1)).output?.elements == [13])
        #expect(lines.all.sorted() == ["and raw", "so hot", "welcome"])
    }

    @Test func `An engine that cannot be made is not started`() throws {
        let error = #expect(throws: EngineStartError.self) { try Self.engine("unmade") }
        // What it had printed may have come before its end, or not.
        #expect(error?.reason.hasPrefix("no device") == true, "\(error?.reason ?? "")")
        #expect(error?.engine == "unmade")
    }
}
