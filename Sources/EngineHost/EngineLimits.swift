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
    /// What it may use of the machine; `nil` for all that its user may.
    public var confinement: Confinement?

    public init(
        greeting: Duration = .seconds(60), closing: Duration = .seconds(2), memory: Int? = nil,
        confinement: Confinement? = nil
    ) {
        self.greeting = greeting
        self.confinement = confinement
        if confinement != nil { cchild_hide_memory() }
        self.closing = closing
        self.memory = memory ?? EngineLimits.halfOfMemory
    }

    private static let halfOfMemory = sysconf(Int32(_SC_PHYS_PAGES)) / 2 * Int(getpagesize())
}
