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
    private var lastID = 0
    private var isOver = false

    /// Starts the program.
    init(
        _ command: EngineCommand, limits: EngineLimits, standardError: @escaping @Sendable (String) -> Void
    ) throws(SystemError) {
        let input = try Pipe()
        let output = try Pipe()
        let error = try Pipe()
        let child = try ChildProcess(
            command.words, input: input.readEnd, output: output.writeEnd, errors: error.writeEnd)
        try input.writeEnd.makeNonblocking()
        try output.readEnd.makeNonblocking()
        self.child = child
        self.limits = limits
        errors = try StandardErrorRelay(error.readEnd, sink: standardError)
        channel = MessageChannel(reading: output.readEnd, writing: input.writeEnd, errors: errors) { child.hasExited }
    }

    /// The end of its input asks the child to exit; if it does not, it is killed.
    deinit {
        if isOver { return }
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
                    try HelloReply(line: try nextLine())
                }
            }
            errors.drain()
            errors.release()
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
            let line = Wire.line(RunRequest(id: lastID, request))
            let answer = try request.tensors.map(\.tensor).withBytes(after: line) { message throws(ExchangeFailure) in
                try channel.exchange(message, by: deadline(limit)) { () throws(ExchangeFailure) in
                    let reply = try Reply(line: try nextLine(), id: lastID)
                    return try reply.answer(to: request) { name, memory throws(ExchangeFailure) in
                        try channel.read(name, into: memory)
                    }
                }
            }
            // What it wrote before its answer is passed on before its answer.
            errors.drain()
            try expectSilence()
            errors.release()
            return answer
        } catch {
            throw conclude(error, awaiting: "answer", limit: limit)
        }
    }

    private func deadline(_ limit: Duration) -> Deadline {
        Deadline(after: limit) { [child] in child.threads }
    }

    private func nextLine() throws(ExchangeFailure) -> [UInt8] {
        guard let line = try channel.readLine() else { throw .ended(within: nil) }
        return line
    }

    /// - Throws: where the child says more than its answer. What comes later meets the next request.
    private func expectSilence() throws(ExchangeFailure) {
        let bytes = channel.unexpectedBytes()
        if bytes.isEmpty { return }
        throw .malformed("received \(excerpt(bytes)) after the end of an answer; expected nothing")
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
        case .malformed(let text):
            return .error(text + lastWords)
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
