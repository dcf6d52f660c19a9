extension DecodingError {
    /// What is wrong, and where, in words for somebody who writes an engine.
    var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            return "'\(DecodingError.path(context.codingPath + [key]))' is missing"
        case .typeMismatch(let type, let context):
            return "'\(DecodingError.path(context.codingPath))' is not \(DecodingError.name(of: type))"
        case .valueNotFound(let type, let context):
            return "'\(DecodingError.path(context.codingPath))' is null, not \(DecodingError.name(of: type))"
        case .dataCorrupted(let context):
            // Foundation says no more where a number is no integer, and all numbers of the protocol are.
            if context.codingPath.isEmpty { return "that is not JSON, or a number in it is not an integer" }
            return "'\(DecodingError.path(context.codingPath))' \(context.debugDescription)"
        @unknown default:
            return "\(self)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        if keys.isEmpty { return "the message" }
        return keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is Int.Type: "an integer"
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}

/// One of the words of `Word` in a message; another is an error that lists them.
struct WireWord<Word: RawRepresentable<String> & CaseIterable & Hashable>: Codable, Hashable {
    let word: Word

    init(_ word: Word) {
        self.word = word
    }

    init(from decoder: any Decoder) throws {
        word = try knownWord(String(from: decoder), at: decoder.codingPath)
    }

    func encode(to encoder: any Encoder) throws {
        try word.rawValue.encode(to: encoder)
    }
}

/// The case that a word names.
///
/// - Throws: `DecodingError` with the word and those that are known.
func knownWord<Word: RawRepresentable<String> & CaseIterable>(
    _ text: String, at path: [any CodingKey]
) throws -> Word {
    if let word = Word(rawValue: text) { return word }
    let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
    throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "says '\(text)', which is not known (\(known))"))
}
