internal import Conformance
internal import Convolution
internal import Glibc

/// A child process that speaks the protocol. Used by one thread at a time.
///
/// After a failure it is over: both sides may be anywhere in the stream.
final class EngineProcess {
    /// How long to wait, after a child has closed its output, for the exit that explains it.
    private static let explanationLimit = Duration.seconds(2)

    private let child: ChildProcess
    private let channel: MessageChannel
    private let errors: StandardErrorRelay
    private let limits: EngineLimits
    /// Where a worker's tensors lie; `nil` for a program whose tensors go through the pipe.
    private let memory: SharedMemory?
    private var lastID = 0
    private var hasGreeted = false
    private var isOver = false

    /// Starts the program.
    init(
        _ command: EngineCommand, limits: EngineLimits, isWorker: Bool,
        standardError: @escaping @Sendable (String) -> Void
    ) throws(SystemError) {
        let input = try Pipe()
        let output = try Pipe()
        let error = try Pipe()
        let child: ChildProcess
        let paths = limits.confinement?.paths(for: command)
        let mayCompile = limits.confinement?.compilers ?? false
        if isWorker {
            let memory = try SharedMemory()
            let nothing = try Descriptor.null()
            // Whatever the program prints, from its first line on, is not taken for the protocol.
            let (errors, streams) = (error.writeEnd.number, WorkerStreams.self)
            var descriptors = [nothing.number, errors, errors, -1, -1, -1]
            descriptors[Int(streams.requests)] = input.readEnd.number
            descriptors[Int(streams.answers)] = output.writeEnd.number
            descriptors[Int(streams.memory)] = memory.number
            child = try ChildProcess(
                command.words, descriptors: descriptors, paths: paths, mayCompile: mayCompile)
            self.memory = memory
        } else {
            child = try ChildProcess(
                command.words,
                descriptors: [input.readEnd.number, output.writeEnd.number, error.writeEnd.number], paths: paths,
                mayCompile: mayCompile)
            memory = nil
        }
        let shared = memory
        try input.writeEnd.makeNonblocking()
        try output.readEnd.makeNonblocking()
        self.child = child
        self.limits = limits
        errors = try StandardErrorRelay(error.readEnd, sink: standardError)
        channel = MessageChannel(
            reading: output.readEnd, writing: input.writeEnd, errors: errors, peerHasExited: { child.hasExited },
            excess: { limits.excess(of: child, sharing: shared) })
    }

    /// The end of its input asks the child to exit; if it does not, it is killed.
    deinit {
        if isOver { return }
        if !hasGreeted {
            child.end()
            return
        }
        let deadline = Deadline(after: limits.closing)
        channel.finish(by: deadline)
        waitForExit(until: deadline)
        child.end()
        errors.drain()
        errors.release()
    }

    /// Exchanges greetings.
    func greet() throws(EngineFailure) -> HelloReply {
        do throws(ExchangeFailure) {
            let greeting = try Wire.line(Hello()).withBytes { hello throws(ExchangeFailure) in
                try channel.exchange([hello], by: deadline(limits.greeting)) { () throws(ExchangeFailure) in
                    try channel.greeting()
                }
            }
            errors.drain()
            errors.release()
            hasGreeted = true
            return greeting
        } catch {
            throw conclude(error, awaiting: "greeting", limit: limits.greeting)
        }
    }

    /// The engine's answer to a request.
    func answer(to request: EngineRequest, within limit: Duration) throws(EngineFailure) -> EngineAnswer {
        lastID += 1
        // What was said after the last answer is not about this request.
        errors.drain()
        errors.release()
        do throws(ExchangeFailure) {
            let deadline = deadline(limit)
            let answer: EngineAnswer
            if let memory {
                answer = try exchange(request, through: memory, by: deadline)
            } else {
                answer = try exchange(request, by: deadline)
            }
            // What it wrote before its answer is passed on before its answer.
            errors.drain()
            // What a worker says later is of memory touched too late, and costs the next request.
            if memory == nil { try channel.expectSilence() }
            errors.release()
            return answer
        } catch {
            throw conclude(error, awaiting: "answer", limit: limit)
        }
    }

    /// The answer, with all tensors on the pipe.
    private func exchange(_ request: EngineRequest, by deadline: Deadline) throws(ExchangeFailure) -> EngineAnswer {
        let line = Wire.line(RunRequest(id: lastID, request))
        return try request.tensors.map(\.tensor).withBytes(after: line) { message throws(ExchangeFailure) in
            try channel.exchange(message, by: deadline) { () throws(ExchangeFailure) in
                try channel.answer(to: request, id: lastID)
            }
        }
    }

    /// The answer, with all tensors in shared memory.
    private func exchange(
        _ request: EngineRequest, through memory: SharedMemory, by deadline: Deadline
    ) throws(ExchangeFailure) -> EngineAnswer {
        let frame: Frame
        do throws(SystemError) {
            frame = try Frame(request, id: lastID, in: memory)
        } catch {
            throw .malformed("\(error)")
        }
        defer { memory.shrink() }
        return try frame.withBytes { message throws(ExchangeFailure) in
            try channel.exchange(message, by: deadline) { () throws(ExchangeFailure) in
                try channel.answer(to: request, id: lastID, from: memory)
            }
        }
    }

    private func deadline(_ limit: Duration) -> Deadline {
        Deadline(after: limit) { [child] in child.threads }
    }

    /// Ends the child, and says what its failure is.
    private func conclude(_ failure: ExchangeFailure, awaiting awaited: String, limit: Duration) -> EngineFailure {
        if case .ended = failure { waitForExit(until: Deadline(after: EngineProcess.explanationLimit)) }
        let hadExited = child.hasExited
        let termination = child.end()
        errors.drain()
        isOver = true
        let ending = hadExited ? "\(termination)" : "closed its standard output"
        switch failure {
        case .malformed:
            return .error(failure.text + lastWords)
        case .excessive(let text):
            return .crash("the engine was ended: \(text)" + lastWords)
        case .late(let progress):
            return .timeout("no \(awaited) within \(limit)" + (progress.isEmpty ? "" : ": \(progress)") + lastWords)
        case .ended(let part?) where !hadExited || termination == .exited(status: 0):
            return .error("the stream ended within \(part): the engine \(ending)" + lastWords)
        case .ended(let part?):
            return .crash("the engine \(ending) within \(part)" + lastWords)
        case .ended(nil):
            return .crash("the engine \(ending), expected its \(awaited)" + lastWords)
        }
    }

    /// What the child wrote to its standard error since the request, where it wrote any.
    private var lastWords: String {
        let lines = errors.takeExcerpt()
        return lines.isEmpty ? "" : (["; its standard error:"] + lines).joined(separator: "\n    ")
    }

    private func waitForExit(until deadline: Deadline) {
        while !child.hasExited, !deadline.hasPassed {
            errors.drain()
            usleep(1000)
        }
    }
}
