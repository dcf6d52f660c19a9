internal import Conformance
internal import Convolution
internal import Glibc

/// The engine's side of the protocol.
struct EngineServer {
    /// What the runner sent that is not the protocol.
    struct Misunderstanding: Error, CustomStringConvertible {
        let description: String
    }

    /// The most elements that a tensor of a request may have.
    private static let mostElements = 1 << 34

    let engine: any Engine
    let name: String
    let channel: MessageChannel
    /// Where a worker's tensors lie; `nil` where they go through the pipe.
    let memory: SharedMemory?

    /// Greets, then answers until the stream ends.
    func run() throws {
        do throws(ExchangeFailure) {
            guard let line = try channel.readLine() else { return }
            let hello = try Wire.message(Hello.self, in: line, expected: "a greeting")
            guard hello.type == "hello", hello.version == Wire.version else {
                throw .malformed("received \(excerpt(line)); expected a greeting of protocol \(Wire.version)")
            }
            try send(
                HelloReply(
                    engine: .init(
                        name: name, version: engine.version, configuration: (engine as? LoadedLibrary)?.configuration),
                    capabilities: CapabilitiesMessage(engine.capabilities)))
            if let memory { return try answerFrames(memory) }
            while let line = try channel.readLine() {
                try answer(RunRequest(line: line))
            }
        } catch {
            throw Misunderstanding(description: error.text)
        }
    }

    private func answerFrames(_ memory: SharedMemory) throws(ExchangeFailure) {
        while var frame = try Frame(from: channel) {
            let (id, request, place) = try frame.request(from: memory)
            (engine as? LoadedLibrary)?.identity = id
            // A library is given copies of the request's operands, and looks after these itself.
            let areDropped = engine is LoadedLibrary && memory.drop(before: place)
            var answer = answer(to: request)
            if !areDropped, let change = try change(of: request, in: memory) {
                answer = .violation(.changedOperand(change))
            }
            let reply: Frame
            do throws(SystemError) {
                reply = try Frame(answer, id: id, in: memory, at: place)
            } catch {
                throw .malformed("\(error)")
            }
            try reply.withBytes { message throws(ExchangeFailure) in try channel.exchange(message, by: .never) {} }
        }
    }

    private func answer(to request: EngineRequest) -> EngineAnswer {
        // It fills its answer where it lies, in the layout that is wanted.
        if let library = engine as? LoadedLibrary {
            (library.layouts, library.attempt, library.view) = (request.layouts, request.attempt, request.view)
        }
        let answer = EngineAnswer(of: engine, to: request)
        // What the engine printed for this request reaches the runner before the answer does.
        fflush(nil)
        return answer
    }

    /// Where an engine changed its operands, of which the runner's memory holds what they were; `nil` where it did not.
    private func change(of request: EngineRequest, in memory: SharedMemory) throws(ExchangeFailure) -> String? {
        var end = 0
        for (role, tensor) in request.tensors {
            let start = SharedMemory.place(behind: end)
            end = start + tensor.count * tensor.type.size
            let change = tensor.withElements { now -> String? in
                guard let first = now.baseAddress,
                    memcmp(first, memory.bytes.baseAddress! + start, now.count) != 0
                else { return nil }
                let before = AnyTensor(
                    bytes: memory.bytes[start..<end], type: tensor.type, shape: tensor.shape, order: tensor.order)
                return before?.change(of: role, to: now)
            }
            if let change { return change }
        }
        return nil
    }

    /// Answers the greeting with why there is no engine.
    static func decline(_ reason: String, over channel: MessageChannel) {
        // A runner that is gone needs no answer.
        guard (try? channel.readLine()) != nil else { return }
        try? send(Refusal(message: reason), over: channel)
    }

    private func answer(_ message: RunRequest) throws(ExchangeFailure) {
        let request = try message.request(limit: EngineServer.mostElements) { name, memory throws(ExchangeFailure) in
            try channel.read(name, into: memory)
        }
        switch answer(to: request) {
        case .output(let tensor, let computation):
            let (problem, role) = (request.problem, request.problem.operation.answer)
            if let fault = role.fault(of: tensor, expected: problem.answerType) {
                return try send(Reply(.error, id: message.id, message: fault))
            }
            let tensor = tensor.reordered(to: role.order(in: request.layouts))
            try send(Reply(id: message.id, TensorHeader(role, tensor), computation), followedBy: [tensor])
        case .unsupported(let reason):
            try send(Reply(.unsupported, id: message.id, reason: reason))
        case .rejected(let reason):
            try send(Reply(.rejected, id: message.id, reason: reason))
        case .refused(let reason):
            try send(Reply(.refused, id: message.id, reason: reason))
        case .violation(let cause):
            try send(Reply(.error, id: message.id, message: cause.words))
        case .error(let text), .crash(let text), .timeout(let text):
            try send(Reply(.error, id: message.id, message: text))
        }
    }

    private func send(_ message: some Encodable, followedBy tensors: [AnyTensor] = []) throws(ExchangeFailure) {
        try EngineServer.send(message, followedBy: tensors, over: channel)
    }

    private static func send(
        _ message: some Encodable, followedBy tensors: [AnyTensor] = [], over channel: MessageChannel
    ) throws(ExchangeFailure) {
        try tensors.withBytes(after: Wire.line(message)) { pieces throws(ExchangeFailure) in
            try channel.exchange(pieces, by: .never) {}
        }
    }
}

extension Role {
    /// Why what an engine answered is no tensor of this role that could be sent, or `nil` where it is one.
    fileprivate func fault(of tensor: AnyTensor, expected type: ElementType) -> String? {
        if tensor.type != type {
            return "the engine answered with \(tensor.type.rawValue) as \(rawValue), expected \(type.rawValue)"
        }
        if self == .bias, tensor.shape != [1, 1, 1, tensor.shape[3]] {
            return "the engine answered with the shape \(tensor.shape) as bias, expected one axis"
        }
        return nil
    }
}

extension Cause {
    /// A violation in words.
    fileprivate var words: String {
        switch self {
        case .touchedOutside(let touch): "it \(touch)"
        case .changedOperand(let words), .unwritten(let words): words
        default: "\(self)"
        }
    }
}
