internal import CChildProcess
public import Conformance
internal import Convolution
internal import Glibc

/// Answers a runner's requests with a Swift engine, over this process's standard input and output, until the input
/// ends: the other side of ``CommandEngine``.
///
/// Standard output belongs to the protocol, and any library may print: what this process prints from now on goes to
/// its standard error.
///
/// - Throws: an error that describes what the runner sent, where it is not the protocol.
public func serve(_ engine: any Engine, named name: String) throws {
    let channel = try takeStandardStreams()
    try EngineServer(engine: engine, name: name, channel: channel, memory: nil).run()
}

/// Loads a shared library and answers a runner's requests with its engine, as ``serve(_:named:)`` does: what a
/// ``LibraryEngine`` starts.
///
/// - Throws: `EngineStartError` where the library cannot be used, which the runner has been told; else an error that
///   describes what the runner sent, where it is not the protocol.
public func serve(_ library: EngineLibrary) throws {
    try serve(library, over: takeStandardStreams(), sharing: nil)
}

/// Answers the runner that started this process as a worker, with a registered engine: what a ``WorkerEngine`` starts.
///
/// - Parameter make: makes the engine; what it throws is told to the runner, and thrown.
/// - Throws: an error that describes what the runner sent, where it is not the protocol.
public func serveAsWorker(named name: String, _ make: () throws -> any Engine) throws {
    let streams = try WorkerStreams()
    let engine: any Engine
    do {
        engine = try make()
    } catch {
        EngineServer.decline("\(error)", over: streams.channel)
        throw EngineStartError(engine: name, reason: "\(error)")
    }
    try EngineServer(engine: engine, name: name, channel: streams.channel, memory: streams.memory).run()
}

/// Answers the runner that started this process as a worker, with a shared library: what a ``LibraryEngine`` starts.
///
/// - Throws: `EngineStartError` where the library cannot be used, which the runner has been told; else an error that
///   describes what the runner sent, where it is not the protocol.
public func serveAsWorker(_ library: EngineLibrary) throws {
    let streams = try WorkerStreams()
    try serve(library, over: streams.channel, sharing: streams.memory)
}

private func serve(_ library: EngineLibrary, over channel: MessageChannel, sharing memory: SharedMemory?) throws {
    endWithoutBacktrace()
    let engine: LoadedLibrary
    do {
        engine = try LoadedLibrary(library)
    } catch {
        EngineServer.decline(error.description, over: channel)
        throw EngineStartError(engine: library.description, reason: error.description)
    }
    try EngineServer(engine: engine, name: engine.name, channel: channel, memory: memory).run()
}

/// A backtrace of Swift's takes seconds a crash, and most of it shows this program. It is not switched off as it is meant
/// to be, by the environment: then each fatal error prints one of another kind.
private func endWithoutBacktrace() {
    for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
}

/// What a worker finds beside its standard streams, of which the input is empty and both outputs are the runner's to relay.
struct WorkerStreams {
    static let requests: Int32 = 3
    static let answers: Int32 = 4
    static let memory: Int32 = 5

    let channel: MessageChannel
    let memory: SharedMemory

    /// Takes them over: what the engine starts does not inherit them.
    init() throws(SystemError) {
        endWithoutBacktrace()
        for number in [WorkerStreams.requests, WorkerStreams.answers, WorkerStreams.memory]
        where fcntl(number, F_SETFD, FD_CLOEXEC) < 0 {
            throw .last("find the runner that this worker is for (descriptor \(number))")
        }
        channel = MessageChannel(
            reading: Descriptor(owning: WorkerStreams.requests), writing: Descriptor(owning: WorkerStreams.answers))
        memory = SharedMemory(owning: Descriptor(owning: WorkerStreams.memory))
        let report = Frame.faultReport
        cguard_report_to(
            WorkerStreams.answers, report.head.map(Int64.init), Int32(report.head.count), Int32(report.identityPlace))
    }
}

/// The protocol's streams, on descriptors that nobody else knows.
private func takeStandardStreams() throws(SystemError) -> MessageChannel {
    let input = try duplicate(STDIN_FILENO)
    let output = try duplicate(STDOUT_FILENO)
    let null = try Descriptor.null()
    if dup2(null.number, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 {
        throw .last("redirect the standard streams")
    }
    return MessageChannel(reading: input, writing: output)
}

private func duplicate(_ number: Int32) throws(SystemError) -> Descriptor {
    let copy = fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
    if copy < 0 { throw .last("duplicate descriptor \(number)") }
    return Descriptor(owning: copy)
}
