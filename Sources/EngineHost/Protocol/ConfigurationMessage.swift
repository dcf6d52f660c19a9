/// How an engine was set up, as it says in its greeting: words, numbers or truth values by name, `{"threads":1}`.
struct ConfigurationMessage: Codable, Hashable {
    /// The most that is said, and the most characters of a name or a value.
    static let (mostEntries, mostCharacters) = (32, 200)

    let words: [String: String]

    init(from decoder: any Decoder) throws {
        words = try [String: Value](from: decoder).mapValues(\.text)
        let texts = words.flatMap { [$0.key, $0.value] }
        guard words.count <= ConfigurationMessage.mostEntries,
            texts.allSatisfy({ $0.count <= ConfigurationMessage.mostCharacters })
        else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription:
                        "is too long, expected at most \(ConfigurationMessage.mostEntries) entries of at most "
                        + "\(ConfigurationMessage.mostCharacters) characters"))
        }
    }

    func encode(to encoder: any Encoder) throws { try words.encode(to: encoder) }

    private struct Value: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            if let word = try? String(from: decoder) {
                text = word
            } else if let number = try? Int(from: decoder) {
                text = "\(number)"
            } else if let number = try? Double(from: decoder) {
                text = "\(number)"
            } else if let value = try? Bool(from: decoder) {
                text = "\(value)"
            } else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: decoder.codingPath, debugDescription: "is no word, number or truth value"))
            }
        }
    }
}
