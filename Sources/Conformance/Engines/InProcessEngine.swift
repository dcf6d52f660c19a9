internal import Convolution
internal import Dispatch
internal import Synchronization

/// A Swift engine, run in this process.
public struct InProcessEngine: EngineUnderTest {
    public let name: String
    public let version: String
    public let capabilities: Capabilities
    private let startLimit: Duration
    private let isBounded: Bool
    private let make: @Sendable () throws -> any Engine

    /// - Parameters:
    ///   - startLimit: how long `make` may take.
    ///   - make: makes an engine for one worker.
    /// - Throws: ``EngineStartError`` where `make` throws or takes longer, or the engine declares no layout.
    public init(
        name: String, startLimit: Duration = .seconds(60), make: @escaping @Sendable () throws -> any Engine
    ) throws(EngineStartError) {
        try self.init(name: name, startLimit: startLimit, isBounded: false, make: make)
    }

    /// - Parameter isBounded: whether the engine is known to do no more than a few operations for each product. It then
    ///   answers small problems on the thread that asks.
    package init(
        name: String, startLimit: Duration = .seconds(60), isBounded: Bool,
        make: @escaping @Sendable () throws -> any Engine
    ) throws(EngineStartError) {
        (version, capabilities) = try EngineThread.started(make, named: name, within: startLimit).identity
        self.name = name
        self.startLimit = startLimit
        self.isBounded = isBounded
        self.make = make
        if capabilities.layouts.isEmpty {
            throw EngineStartError(engine: name, reason: "it declares no input layout or no filter layout")
        }
    }

    public var specification: String { name }
    public var hasOwnProcess: Bool { false }

    public func openSession() throws(EngineStartError) -> any EngineSession {
        try InProcessSession(name: name, startLimit: startLimit, isBounded: isBounded, make: make)
    }
}

/// Runs an engine on a thread of its own, so that a hanging one costs its case and no more.
///
/// An engine that cannot hang answers at once what takes less than some milliseconds: to wake a thread takes longer than most
/// cases do.
private final class InProcessSession: EngineSession {
    private static let smallProblem = 1e6

    private let name: String
    private let startLimit: Duration
    private let make: @Sendable () throws -> any Engine
    /// For small problems, where the engine cannot hang.
    private var bounded: (any Engine)?
    /// `nil` after a timeout.
    private var running: EngineThread?
    private(set) var starts = 0

    init(
        name: String, startLimit: Duration, isBounded: Bool, make: @escaping @Sendable () throws -> any Engine
    ) throws(EngineStartError) {
        self.name = name
        self.startLimit = startLimit
        self.make = make
        try prepare()
        bounded = isBounded ? try? make() : nil
    }

    func prepare() throws(EngineStartError) {
        if running != nil { return }
        running = try EngineThread.started(make, named: name, within: startLimit).thread
        starts += 1
    }

    func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer {
        if let bounded, limit >= .seconds(1), request.problem.products <= InProcessSession.smallProblem {
            return EngineAnswer(of: bounded, to: request)
        }
        do throws(EngineStartError) {
            try prepare()
        } catch {
            return .error("\(error)")
        }
        if let answer = running?.answer(to: request, within: limit) { return answer }
        // A thread cannot be killed: it is left behind, and the next request gets a new one.
        running = nil
        return .timeout("no answer within \(limit)")
    }
}

/// One engine and the thread on which alone it is made and used.
private final class EngineThread: @unchecked Sendable {
    typealias Identity = (version: String, capabilities: Capabilities)

    private let thread: WorkThread
    /// Used on the thread alone.
    private var engine: (any Engine)?

    private init() throws(Shortage) {
        thread = try WorkThread()
    }

    /// A thread with an engine, and what the engine says of itself.
    static func started(
        _ make: @escaping @Sendable () throws -> any Engine, named name: String, within limit: Duration
    ) throws(EngineStartError) -> (thread: EngineThread, identity: Identity) {
        let thread: EngineThread
        do throws(Shortage) {
            thread = try EngineThread()
        } catch {
            throw EngineStartError(engine: name, reason: "\(error)", isShortage: true)
        }
        switch thread.start(make, within: limit) {
        case nil: throw EngineStartError(engine: name, reason: "it was not made within \(limit)")
        case .failure(let error)?: throw EngineStartError(engine: name, reason: "\(error)")
        case .success(let identity)?: return (thread, identity)
        }
    }

    private func start(
        _ make: @escaping @Sendable () throws -> any Engine, within limit: Duration
    ) -> Result<Identity, any Error>? {
        wait(limit) {
            Result {
                let engine = try make()
                self.engine = engine
                return (engine.version, engine.capabilities)
            }
        }
    }

    func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer? {
        wait(limit) { self.engine.map { EngineAnswer(of: $0, to: request) } ?? .error("there is no engine") }
    }

    /// What `work` gives on the thread, or `nil` where the thread takes longer.
    private func wait<Value: Sendable>(_ limit: Duration, for work: @escaping @Sendable () -> Value) -> Value? {
        let reply = Reply<Value>()
        let time = OwnTime { [thread] in thread.folder.map { [$0] } ?? [] }
        thread.perform { reply.set(work()) }
        repeat {
            if let value = reply.wait() { return value }
        } while !time.hasReached(limit)
        return reply.value
    }
}

/// What one thread waits for while another computes it.
private final class Reply<Value: Sendable>: Sendable {
    private static var patience: DispatchTimeInterval { .milliseconds(100) }

    private let storage = Mutex<Value?>(nil)
    private let arrived = DispatchSemaphore(value: 0)

    var value: Value? { storage.withLock { $0 } }

    func set(_ value: Value) {
        storage.withLock { $0 = value }
        arrived.signal()
    }

    /// Waits for a moment.
    func wait() -> Value? {
        _ = arrived.wait(timeout: .now() + Reply.patience)
        return value
    }
}
