/// The runner's greeting: the first line that an engine reads.
struct Hello: Codable, Hashable {
    var type = "hello"
    var version = Wire.version

    enum CodingKeys: String, CodingKey {
        case type
        case version = "protocol"
    }
}

/// The engine's greeting: who it is and what it can do.
struct HelloReply: Codable, Hashable {
    struct Engine: Codable, Hashable {
        var name: String
        var version: String?
        var configuration: ConfigurationMessage?
    }

    var type = "hello"
    var version = Wire.version
    var engine: Engine
    /// Everything at its default where there is none.
    var capabilities: CapabilitiesMessage?

    enum CodingKeys: String, CodingKey {
        case type
        case version = "protocol"
        case engine, capabilities
    }

    init(engine: Engine, capabilities: CapabilitiesMessage) {
        self.engine = engine
        self.capabilities = capabilities
    }

    /// The greeting in a line.
    ///
    /// - Throws: ``ExchangeFailure/malformed(_:)`` where it is none, or of another version, or names no engine, or
    ///   declares something unknown; or with the engine's own words, where it is a ``Refusal``.
    init(line: [UInt8]) throws(ExchangeFailure) {
        // Another version may look different in everything else.
        let opening = try Wire.message(Opening.self, in: line, expected: HelloReply.expectation)
        guard opening.type == "hello" else {
            if opening.type == Refusal.type, let message = opening.message { throw .malformed(message) }
            throw .malformed("received \(excerpt(line)); expected \(HelloReply.expectation)")
        }
        guard opening.version == Wire.version else {
            throw .malformed(
                "it speaks protocol \(opening.version.map(String.init) ?? "of no version"); expected \(Wire.version)")
        }
        self = try Wire.message(HelloReply.self, in: line, expected: HelloReply.expectation)
        if engine.name.isEmpty { throw .malformed("its name is empty; expected a name for reports") }
        guard let capabilities = capabilities?.capabilities else { return }
        if capabilities.layouts.isEmpty {
            throw .malformed("it declares no input layout or no filter layout; expected one at least")
        }
        if capabilities.types.isEmpty || capabilities.operations.isEmpty {
            throw .malformed("it declares no element type or no operation; expected one at least")
        }
    }

    private struct Opening: Decodable {
        var type: String
        var version: Int?
        var message: String?

        enum CodingKeys: String, CodingKey {
            case type
            case version = "protocol"
            case message
        }
    }

    private static let expectation = #"a greeting, {"type":"hello","protocol":1,"engine":{...},"capabilities":{...}}"#
}

/// What stands in the greeting's place where an engine cannot start: why.
struct Refusal: Encodable {
    static let type = "error"

    var type = Refusal.type
    var message: String
}
