internal import Conformance

/// What a runner reads of an engine: bytes that somebody else wrote, of which nothing is believed that has not been looked at.
extension MessageChannel {
    /// The engine's greeting.
    func greeting() throws(ExchangeFailure) -> HelloReply { try HelloReply(line: try nextLine()) }

    /// The answer to a request, with its tensor on the stream.
    func answer(to request: EngineRequest, id: Int) throws(ExchangeFailure) -> EngineAnswer {
        let reply = try Reply(line: try nextLine(), id: id)
        return try reply.answer(to: request) { name, memory throws(ExchangeFailure) in try read(name, into: memory) }
    }

    /// A worker's answer to a request, with its tensor in shared memory.
    func answer(to request: EngineRequest, id: Int, from memory: SharedMemory) throws(ExchangeFailure) -> EngineAnswer {
        guard var frame = try Frame(from: self) else { throw .ended(within: nil) }
        return try frame.answer(to: request, id: id, from: memory)
    }

    /// - Throws: where the engine has said more than its answer. What comes later meets the next request.
    func expectSilence() throws(ExchangeFailure) {
        let bytes = unexpectedBytes()
        if bytes.isEmpty { return }
        throw .malformed("received \(excerpt(bytes)) after the end of an answer; expected nothing")
    }

    private func nextLine() throws(ExchangeFailure) -> [UInt8] {
        guard let line = try readLine() else { throw .ended(within: nil) }
        return line
    }
}
