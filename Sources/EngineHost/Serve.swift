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
    try EngineServer(engine: engine, name: name, channel: channel).run()
}

/// Loads a shared library and answers a runner's requests with its engine, as ``serve(_:named:)`` does: what a
/// ``LibraryEngine`` starts.
///
/// - Throws: `EngineStartError` where the library cannot be used, which the runner has been told; else an error that
///   describes what the runner sent, where it is not the protocol.
public func serve(_ library: EngineLibrary) throws {
    let channel = try takeStandardStreams()
    // A backtrace of Swift's takes seconds a crash, and most of it shows this program.
    for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
    let engine: LoadedLibrary
    do {
        engine = try LoadedLibrary(library)
    } catch {
        EngineServer.decline(error.description, over: channel)
        throw EngineStartError(engine: library.description, reason: error.description)
    }
    try EngineServer(engine: engine, name: engine.name, channel: channel).run()
}

/// The protocol's streams, on descriptors that nobody else knows.
private func takeStandardStreams() throws(SystemError) -> MessageChannel {
    let input = try duplicate(STDIN_FILENO)
    let output = try duplicate(STDOUT_FILENO)
    let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
    if nothing < 0 { throw .last("open /dev/null") }
    let null = Descriptor(owning: nothing)
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
