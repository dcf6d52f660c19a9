/// Why a message could not be exchanged; the stream between both sides is then of no further use.
enum ExchangeFailure: Error, Hashable {
    /// The other side closed the stream; in the middle of what, if in the middle of a message.
    case ended(within: String?)
    /// What was received, and what was expected.
    case malformed(String)
    /// What did not come in time.
    case late(String)
    /// Of what the other side takes too much.
    case excessive(String)

    /// What was wrong, or received, or awaited.
    var text: String {
        switch self {
        case .ended(let part): "the stream ended within \(part ?? "a message")"
        case .malformed(let text), .late(let text), .excessive(let text): text
        }
    }
}
