/// An access to memory that is not the engine's: beside a tensor that it was given, or to one that it was given before.
public struct MemoryTouch: Hashable, Sendable {
    public enum Access: String, Hashable, Sendable, CaseIterable {
        /// One or the other: the machine does not say which.
        case touch
        case read
        case write
    }

    public enum Place: String, Hashable, Sendable, CaseIterable {
        case before
        case behind
        /// Anywhere in or near the memory of a call that had returned.
        case afterReturn = "after-return"
        /// Between two rows of a tensor that lie apart, or beside them in the image of which it is a part.
        case between
    }

    /// The name of what was given: a role, or a list of numbers such as "filter's scales".
    public var tensor: String
    public var access: Access
    public var place: Place
    /// In bytes: from the first byte of the access to the beginning, or from the end to it. 0 is directly behind the end.
    public var distance: Int

    public init(_ access: Access, _ place: Place, _ tensor: String, distance: Int) {
        self.access = access
        self.place = place
        self.tensor = tensor
        self.distance = distance
    }
}

extension MemoryTouch: CustomStringConvertible {
    /// The end of a sentence that begins with the engine.
    public var description: String {
        let verb =
            switch access {
            case .touch: "touched memory"
            case .read: "read"
            case .write: "wrote"
            }
        let bytes = "\(distance) byte\(distance == 1 ? "" : "s")"
        return switch place {
        case .before: "\(verb) \(bytes) before the beginning of the \(tensor)"
        case .behind: "\(verb) \(distance == 0 ? "directly" : bytes) behind the end of the \(tensor)"
        case .between: "\(verb) between the rows of the \(tensor), which lie apart in memory"
        case .afterReturn:
            access == .touch
                ? "touched the \(tensor) of a call that had returned"
                : "\(verb) \(access == .write ? "to " : "")the \(tensor) of a call that had returned"
        }
    }
}
