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

    /// How much of an engine's own words a sentence repeats.
    private static let mostCharacters = 1000

    /// What was wrong, or received, or awaited; clipped, for a message may hold words and lists without end.
    var text: String {
        let text =
            switch self {
            case .ended(let part): "the stream ended within \(part ?? "a message")"
            case .malformed(let text), .late(let text), .excessive(let text): text
            }
        let start = text.unicodeScalars.prefix(ExchangeFailure.mostCharacters)
        return start.endIndex == text.unicodeScalars.endIndex ? text : String(start) + "..."
    }
}
