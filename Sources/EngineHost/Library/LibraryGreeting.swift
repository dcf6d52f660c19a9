/// What a library declares of its engine: the protocol's greeting, of which anything may be left out.
struct LibraryGreeting: Decodable {
    private struct Engine: Decodable {
        var name: String?
        var version: String?
        var configuration: ConfigurationMessage?
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case type
        case version = "protocol"
        case engine, capabilities
    }

    var name: String?
    var version: String?
    var configuration: ConfigurationMessage?
    var capabilities: CapabilitiesMessage?

    init(from decoder: any Decoder) throws {
        // A capability outside of "capabilities" would otherwise be one at its default.
        try refuseUnknownKeys(in: decoder, known: CodingKeys.allCases.map(\.rawValue), called: "field of a greeting")
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let engine = try container.decodeIfPresent(Engine.self, forKey: .engine)
        name = engine?.name
        version = engine?.version
        configuration = engine?.configuration
        capabilities = try container.decodeIfPresent(CapabilitiesMessage.self, forKey: .capabilities)
        if let type = try container.decodeIfPresent(String.self, forKey: .type), type != "hello" {
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container, debugDescription: "says '\(type)', expected 'hello'")
        }
        let version = try container.decodeIfPresent(Int.self, forKey: .version) ?? Wire.version
        if version != Wire.version {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container, debugDescription: "is \(version), expected \(Wire.version)")
        }
    }
}
