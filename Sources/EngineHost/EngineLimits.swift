internal import CChildProcess
internal import Glibc

/// What a child process may take beside the time for its cases.
public struct EngineLimits: Hashable, Sendable {
    /// From its start to its greeting: an interpreter and large libraries are loaded meanwhile.
    public var greeting: Duration
    /// From the end of its input to its exit; then it is killed.
    public var closing: Duration
    /// Bytes of memory, which it and its descendants have together; half of the machine's by default. Looked at ten times a
    /// second.
    public var memory: Int
    /// Threads, which a confined one and its descendants have together; looked at as often.
    public var threads: Int
    /// What it may use of the machine; `nil` for all that its user may.
    public var confinement: Confinement?

    public init(
        greeting: Duration = .seconds(60), closing: Duration = .seconds(2), memory: Int? = nil,
        threads: Int? = nil, confinement: Confinement? = nil
    ) {
        self.greeting = greeting
        self.confinement = confinement
        if confinement != nil { cchild_hide_memory() }
        self.closing = closing
        self.memory = memory ?? EngineLimits.halfOfMemory
        self.threads = threads ?? EngineLimits.usualThreads
    }

    /// Of what a child has too much, in words; `nil` where that is nothing.
    ///
    /// - Parameter shared: what it shares with its runner, and may fill without having it mapped.
    func excess(of child: ChildProcess, sharing shared: SharedMemory?) -> String? {
        let used = max(child.memory, shared?.stored ?? 0)
        if used > memory { return "it had \(used >> 20) MiB of memory, and may have \(memory >> 20)" }
        if confinement == nil { return nil }
        let running = child.threads.count
        return running > threads ? "it had \(running) threads, and may have \(threads)" : nil
    }

    /// More than the pools of several libraries have.
    private static let usualThreads = max(512, 16 * sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    private static let halfOfMemory = sysconf(Int32(_SC_PHYS_PAGES)) / 2 * Int(getpagesize())
}
