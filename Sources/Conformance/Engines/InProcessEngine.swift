internal import Convolution
internal import Dispatch
internal import Synchronization

/// A Swift engine, run in this process.
public struct InProcessEngine: EngineUnderTest {
    public let name: String
    public let version: String
    public let capabilities: Capabilities
    private let make: @Sendable () throws -> any Engine

    /// - Parameter make: makes an engine for one worker.
    /// - Throws: ``EngineStartError`` where `make` throws, or the engine declares no layout.
    public init(name: String, make: @escaping @Sendable () throws -> any Engine) throws(EngineStartError) {
        let engine: any Engine
        do {
            engine = try make()
        } catch {
            throw EngineStartError(engine: name, reason: "\(error)")
        }
        self.name = name
        self.version = engine.version
        self.capabilities = engine.capabilities
        self.make = make
        if capabilities.layouts.isEmpty {
            throw EngineStartError(engine: name, reason: "it declares no input layout or no filter layout")
        }
    }

    public var specification: String { name }

    public func openSession() throws(EngineStartError) -> any EngineSession {
        InProcessSession(make: make)
    }
}

/// Runs an engine on a thread of its own, so that a hanging one costs its case and no more.
private final class InProcessSession: EngineSession {
    private let make: @Sendable () throws -> any Engine
    private var thread: EngineThread

    init(make: @escaping @Sendable () throws -> any Engine) {
        self.make = make
        self.thread = EngineThread(make: make)
    }

    func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer {
        if let answer = thread.answer(to: request, within: limit) { return answer }
        // A thread cannot be killed: it is left behind, and the next request gets a new one.
        thread = EngineThread(make: make)
        return .timeout("no answer within \(limit)")
    }
}

/// One engine and the serial queue on which alone it is made and used.
private final class EngineThread: @unchecked Sendable {
    private let queue = DispatchQueue(label: "engine")
    private let make: @Sendable () throws -> any Engine
    private var engine: (any Engine)?

    init(make: @escaping @Sendable () throws -> any Engine) {
        self.make = make
    }

    func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer? {
        let reply = Reply()
        queue.async { reply.set(self.compute(request)) }
        return reply.wait(limit)
    }

    private func compute(_ request: EngineRequest) -> EngineAnswer {
        do {
            let engine = try self.engine ?? make()
            self.engine = engine
            return EngineAnswer(of: engine, to: request)
        } catch {
            return .error("\(error)")
        }
    }
}

/// An answer that one thread waits for while another computes it.
private final class Reply: Sendable {
    private let answer = Mutex<EngineAnswer?>(nil)
    private let arrived = DispatchSemaphore(value: 0)

    func set(_ answer: EngineAnswer) {
        self.answer.withLock { $0 = answer }
        arrived.signal()
    }

    func wait(_ limit: Duration) -> EngineAnswer? {
        let (seconds, attoseconds) = limit.components
        let nanoseconds = Double(seconds) * 1e9 + Double(attoseconds) * 1e-9
        let deadline: DispatchTime =
            nanoseconds < Double(Int.max / 2) ? .now() + .nanoseconds(Int(nanoseconds)) : .distantFuture
        guard arrived.wait(timeout: deadline) == .success else { return nil }
        return answer.withLock { $0 }
    }
}
