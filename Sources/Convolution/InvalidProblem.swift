/// Why a problem has no output.
public struct InvalidProblem: Error, Hashable, CustomStringConvertible {
    /// One sentence that names the value and what was expected.
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}
