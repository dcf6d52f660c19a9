/// How long a child process may take for what is not a case.
public struct EngineLimits: Hashable, Sendable {
    /// From its start to its greeting: an interpreter and large libraries are loaded meanwhile.
    public var greeting: Duration
    /// From the end of its input to its exit; then it is killed.
    public var closing: Duration

    public init(greeting: Duration = .seconds(60), closing: Duration = .seconds(2)) {
        self.greeting = greeting
        self.closing = closing
    }
}
