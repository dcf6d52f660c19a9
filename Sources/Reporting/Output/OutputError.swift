/// A file that cannot be written.
public struct OutputError: Error, Hashable, CustomStringConvertible {
    /// The path, or `standard output`.
    public let name: String
    /// The system's reason, such as `No space left on device`, or ours.
    public let reason: String

    init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }

    init(name: String, _ error: any Error) {
        self.init(name: name, reason: "\(error)")
    }

    /// One sentence.
    public var description: String { "cannot write '\(name)': \(reason)" }
}
