import Conformance
import Convolution
import EngineHost
import Foundation
import Testing
import _TestSupport

/// What a library does to memory that is not its own is told with tensor, side and distance; what it may do is not.
struct MemoryFaultTests {
    /// An engine of `memory_faults.c`, what becomes of a case in one of its trials at least, and in what words.
    typealias Fault = (engine: String, kind: String, says: String)

    static let faults: [Fault] = [
        ("reads behind the input", "outside", "it read directly behind the end of the input"),
        ("reads a byte behind the input", "outside", "it read directly behind the end of the input"),
        ("reads far behind the input", "outside", "it read 12 bytes behind the end of the input"),
        ("reads before the input", "outside", "it read 4 bytes before the beginning of the input"),
        ("reads the row before the input", "outside", "it read 12 bytes before the beginning of the input"),
        ("reads a whole vector", "outside", "it read "),
        ("reads behind the filter", "outside", "it read directly behind the end of the filter"),
        ("reads before the filter", "outside", "it read 4 bytes before the beginning of the filter"),
        ("reads behind the bias", "outside", "it read directly behind the end of the bias"),
        ("reads before the bias", "outside", "it read 8 bytes before the beginning of the bias"),
        ("reads behind the output", "outside", "it read directly behind the end of the output"),
        ("reads before the output", "outside", "it read 4 bytes before the beginning of the output"),
        ("writes behind the message", "outside", "it wrote directly behind the end of the message"),
        ("writes before the message", "outside", "it wrote 1 byte before the beginning of the message"),
        ("writes behind, on a thread", "outside", "it wrote directly behind the end of the output"),
        ("frees the output", "crash", "SIGABRT"),
    ]

    /// Found out in every trial, wherever the memory lies.
    static let always: [Fault] = [
        ("writes behind the output", "outside", "it wrote directly behind the end of the output"),
        ("writes a byte behind the output", "outside", "it wrote directly behind the end of the output"),
        ("writes a page behind the output", "outside", "it wrote 4096 bytes behind the end of the output"),
        ("writes before the output", "outside", "it wrote 4 bytes before the beginning of the output"),
        ("writes a double at the end", "outside", "it wrote directly behind the end of the output"),
        ("writes behind the input", "outside", "it wrote directly behind the end of the input"),
        ("writes before the filter", "outside", "it wrote 4 bytes before the beginning of the filter"),
        ("changes the input", "changed", "it changed its input at [0, 1, 2, 0] from 5.0 to 7.0"),
        ("changes the filter", "changed", "it changed its filter at [0, 0, 0, 0] from 3.0 to -3.0"),
        ("changes the bias", "changed", "it changed its bias at [0] from 5.0 to 6.0"),
        ("writes nothing", "unwritten", "output element [0, 0, 0, 0] was never written (one of 6)"),
        ("leaves the last element", "unwritten", "output element [0, 1, 2, 0] was never written"),
        ("accumulates", "unwritten", "[0, 0, 0, 0] was computed from what lay there before it was written (one of 6)"),
    ]

    static func request(height: Int = 2, width: Int = 3, attempt: Int = 0) -> EngineRequest {
        let problem = Problem(input: [1, height, width, 1], filter: [1, 1, 1, 1], biasCount: 1)
        var request = EngineRequest(
            problem: problem, input: Tensor(shape: problem.input, elements: (0..<height * width).map { Float($0) }),
            filter: Tensor(shape: problem.filter, elements: [3]), bias: [5])
        request.attempt = attempt
        return request
    }

    static func isRight(_ answer: EngineAnswer, to request: EngineRequest) -> Bool {
        answer.output?.elements == request.operands.input?.doubles.elements.map { 3 * Float($0) + 5 }
    }

    @Test(arguments: faults)
    func `A touch outside is told in one trial at least`(_ fault: Fault) throws {
        let session = try LibraryEngine.quick(SharedLibrary.memoryFault(fault.engine)).openSession()
        let answers = (0...1).map { session.answer(Self.request(attempt: $0)).words }
        let told = answers.filter { $0.kind == fault.kind }
        #expect(!told.isEmpty && told.allSatisfy { $0.text.contains(fault.says) }, "\(answers)")
    }

    @Test(arguments: always)
    func `What needs no guard is told in every trial`(_ fault: Fault) throws {
        let session = try LibraryEngine.quick(SharedLibrary.memoryFault(fault.engine)).openSession()
        for attempt in 0...1 {
            let answer = session.answer(Self.request(attempt: attempt)).words
            // Half of a double overlaps an element: the answer's last one is wrong as well.
            #expect(answer.kind == fault.kind && answer.text.contains(fault.says), "\(attempt): \(answer)")
        }
    }

    @Test func `Memory of a call that has returned is nobody's`() throws {
        let session = try LibraryEngine.quick(SharedLibrary.memoryFault("uses the filter of the last call"))
            .openSession()
        for _ in 0..<3 {
            #expect(Self.isRight(session.answer(Self.request()), to: Self.request()))
            #expect(
                session.answer(Self.request()).words == ("outside", "it read the filter of a call that had returned"))
        }
    }

    @Test func `Large operands are given and looked after like small ones`() throws {
        let problem = Problem(input: [1, 1, 4_300_000, 1], filter: [1, 1, 1, 1], biasCount: 1)
        let request = EngineRequest(
            problem: problem, input: Tensor(repeating: 2, shape: problem.input),
            filter: Tensor(shape: problem.filter, elements: [3]), bias: [5])
        let right = try LibraryEngine.quick(SharedLibrary.memoryFault("right")).openSession()
        for _ in 0..<2 {
            let output = try #require(right.answer(request).output)
            #expect(output.elements == [Float](repeating: 11, count: problem.input.count))
        }
        let session = try LibraryEngine.quick(SharedLibrary.memoryFault("changes the input")).openSession()
        #expect(
            session.answer(request).words == ("changed", "it changed its input at [0, 0, 4299999, 0] from 2.0 to 7.0"))
    }

    /// Memory that has been given before is guarded as new memory is.
    @Test(arguments: [
        ("reads behind the input", "it read directly behind the end of the input"),
        ("reads before the output", "it read 4 bytes before the beginning of the output"),
        ("writes a page behind the output", "it wrote 4096 bytes behind the end of the output"),
        ("uses the filter of the last call", "it read the filter of a call that had returned"),
        ("accumulates", "[0, 0, 0, 0] was computed from what lay there before it was written (one of 6)"),
    ])
    func `A fault after a hundred calls is told as in the first`(_ engine: String, _ says: String) throws {
        let session = try LibraryEngine.quick(SharedLibrary.memoryFault("later " + engine)).openSession()
        for call in 0..<100 {
            let request = Self.request(width: 3 + call % 2 * 1000, attempt: call / 2 % 2)
            #expect(Self.isRight(session.answer(request), to: request), "\(call)")
        }
        let answers = (0...1).map { session.answer(Self.request(attempt: $0)).words }
        #expect(answers.contains { $0.text.contains(says) }, "\(answers)")
    }

    @Test(arguments: [("writes late", "wrote to the output"), ("reads late", "read the input")])
    func `A thread that is late costs a case`(_ engine: String, _ says: String) throws {
        let session = try LibraryEngine.quick(SharedLibrary.memoryFault(engine)).openSession()
        // On a busy machine a call's thread may be there before its answer has been looked at, or only after the next.
        for _ in 0..<100 {
            let answer = session.answer(Self.request())
            if !Self.isRight(answer, to: Self.request()) {
                #expect(answer.words.kind == "outside" && answer.words.text.contains(says), "\(answer.words)")
                return
            }
            usleep(100_000)
        }
        Issue.record("a hundred late threads were not seen")
    }

    /// Every distance between a tensor's end and a page's, on both sides.
    @Test(arguments: ["right", "aligned to 64, as it says", "aligned to a page, as it says"])
    func `A right engine is spared at every size`(_ engine: String) throws {
        let session = try LibraryEngine.quick(SharedLibrary.memoryFault(engine)).openSession()
        for width in [1, 2, 3, 5, 7, 15, 16, 17, 63, 64, 65, 1023, 1024, 1025, 2047, 3071] {
            for attempt in 0...1 {
                let request = Self.request(height: 1, width: width, attempt: attempt)
                let answer = session.answer(request)
                #expect(Self.isRight(answer, to: request), "\(width), \(attempt): \(answer.words)")
            }
        }
    }

    @Test func `An alignment that is none is refused`() throws {
        let error = #expect(throws: EngineStartError.self) {
            try LibraryEngine.quick(SharedLibrary.memoryFault("aligned to 48"))
        }
        #expect(
            error?.reason.contains("says 48, expected a power of 2 from 1 to 4096") == true, "\(error?.reason ?? "")")
    }

    #if arch(x86_64)
        @Test func `An engine that needs aligned memory and does not say so is told to`() throws {
            let session = try LibraryEngine.quick(SharedLibrary.memoryFault("aligned to 16, and does not say so"))
                .openSession()
            let answers = (0...1).map { session.answer(Self.request(attempt: $0)).words }
            #expect(answers.contains { $0.kind == "crash" && $0.text.contains("declares \"alignment\"") }, "\(answers)")
        }
    #endif

    /// A Swift engine can write to an array that it was given, and is found out by what the runner gave.
    @Test func `A Swift engine that changes its input is told`() throws {
        let engine = try WorkerEngine(
            "changes its input", worker: EngineCommand.served("worker", "changes its input").words,
            limits: EngineLimits(greeting: .seconds(20)))
        let session = try engine.openSession()
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
        let answer = session.answer(Requests.product(Requests.faulty, 1)).words
        #expect(answer == ("changed", "it changed its input at [0, 0, 0, 0] from 13.0 to 0.0"))
        #expect(session.answer(Requests.product(4, 5)).output?.elements == [20])
    }
}
