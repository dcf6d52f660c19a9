internal import Conformance
internal import Convolution

/// What an engine declares when it greets. Whatever it does not mention is at its default: forward convolutions of
/// float32 in NHWC and HWIO, everything but negative pads supported, summed directly in float32.
struct CapabilitiesMessage: Codable, Hashable {
    var capabilities: Capabilities

    init(_ capabilities: Capabilities) {
        self.capabilities = capabilities
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case dtypes, operations, quantization
        case inputLayouts = "input_layouts"
        case filterLayouts = "filter_layouts"
        case groups, strides, dilations
        case integerBits = "integer_bits"
        case asymmetricPads = "asymmetric_pads"
        case negativePads = "negative_pads"
        case bias, algorithm, tile, arithmetic, alignment, views
    }

    init(from decoder: any Decoder) throws {
        try refuseUnknownKeys(in: decoder, known: CodingKeys.allCases.map(\.rawValue), called: "capability")
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let usual = Capabilities()
        capabilities = Capabilities(
            inputLayouts: try container.words(.inputLayouts, default: usual.inputLayouts),
            filterLayouts: try container.words(.filterLayouts, default: usual.filterLayouts),
            groups: try container.decodeIfPresent(GroupsMessage.self, forKey: .groups)?.areTaken ?? usual.groups,
            dilations: try container.decodeIfPresent(Bool.self, forKey: .dilations) ?? usual.dilations,
            asymmetricPads: try container.decodeIfPresent(Bool.self, forKey: .asymmetricPads) ?? usual.asymmetricPads,
            negativePads: try container.decodeIfPresent(Bool.self, forKey: .negativePads) ?? usual.negativePads,
            bias: try container.decodeIfPresent(Bool.self, forKey: .bias) ?? usual.bias,
            operations: try container.words(.operations, default: usual.operations),
            types: try container.words(.dtypes, default: usual.types),
            quantization: try container.decodeIfPresent(Bool.self, forKey: .quantization) ?? usual.quantization,
            algorithm: try container.word(.algorithm, default: usual.algorithm),
            tile: try container.decodeIfPresent(TileMessage.self, forKey: .tile)?.tile,
            arithmetic: try container.word(.arithmetic, default: usual.arithmetic),
            alignment: try container.decodeIfPresent(Int.self, forKey: .alignment) ?? usual.alignment,
            views: try container.decodeIfPresent(Bool.self, forKey: .views) ?? usual.views)
        capabilities.infersGroups =
            try container.decodeIfPresent(GroupsMessage.self, forKey: .groups)?.areInferred ?? usual.infersGroups
        capabilities.strides = try container.decodeIfPresent(Bool.self, forKey: .strides) ?? usual.strides
        capabilities.integerBits = try container.decodeIfPresent(Int.self, forKey: .integerBits) ?? usual.integerBits
        guard 1...Capabilities.mostIntegerBits ~= capabilities.integerBits else {
            throw DecodingError.dataCorruptedError(
                forKey: .integerBits, in: container,
                debugDescription: "says \(capabilities.integerBits), expected from 1 to \(Capabilities.mostIntegerBits)"
            )
        }
        let alignment = capabilities.alignment
        guard 1...Capabilities.mostAlignment ~= alignment, alignment & (alignment - 1) == 0 else {
            throw DecodingError.dataCorruptedError(
                forKey: .alignment, in: container,
                debugDescription: "says \(alignment), expected a power of 2 from 1 to \(Capabilities.mostAlignment)")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(capabilities.types.map(\.rawValue), forKey: .dtypes)
        try container.encode(capabilities.operations.map(\.rawValue), forKey: .operations)
        try container.encode(capabilities.quantization, forKey: .quantization)
        try container.encode(capabilities.inputLayouts.map(\.rawValue), forKey: .inputLayouts)
        try container.encode(capabilities.filterLayouts.map(\.rawValue), forKey: .filterLayouts)
        try container.encode(GroupsMessage(capabilities), forKey: .groups)
        try container.encode(capabilities.strides, forKey: .strides)
        try container.encode(capabilities.integerBits, forKey: .integerBits)
        try container.encode(capabilities.dilations, forKey: .dilations)
        try container.encode(capabilities.asymmetricPads, forKey: .asymmetricPads)
        try container.encode(capabilities.negativePads, forKey: .negativePads)
        try container.encode(capabilities.bias, forKey: .bias)
        try container.encode(capabilities.algorithm.rawValue, forKey: .algorithm)
        try container.encodeIfPresent(capabilities.tile.map(TileMessage.init), forKey: .tile)
        try container.encode(capabilities.arithmetic.rawValue, forKey: .arithmetic)
        if capabilities.alignment > 1 { try container.encode(capabilities.alignment, forKey: .alignment) }
        if capabilities.views { try container.encode(true, forKey: .views) }
    }
}

/// Whether an engine takes groups: true or false, or "inferred".
private struct GroupsMessage: Codable {
    static let inferred = "inferred"

    let areTaken: Bool
    let areInferred: Bool

    init(_ capabilities: Capabilities) {
        (areTaken, areInferred) = (capabilities.groups, capabilities.infersGroups)
    }

    init(from decoder: any Decoder) throws {
        if let word = try? String(from: decoder) {
            guard word == GroupsMessage.inferred else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: decoder.codingPath,
                        debugDescription: "says '\(word)', expected true, false or \"\(GroupsMessage.inferred)\""))
            }
            (areTaken, areInferred) = (true, true)
        } else {
            (areTaken, areInferred) = (try Bool(from: decoder), false)
        }
    }

    func encode(to encoder: any Encoder) throws {
        if areInferred { try GroupsMessage.inferred.encode(to: encoder) } else { try areTaken.encode(to: encoder) }
    }
}

/// A misspelt word would otherwise pass for what is at its default.
///
/// - Throws: `DecodingError` for a key that is not in `known`, which are all of the kind `kind`.
func refuseUnknownKeys(in decoder: any Decoder, known: [String], called kind: String) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    for key in container.allKeys where !known.contains(key.stringValue) {
        throw DecodingError.dataCorruptedError(
            forKey: key, in: container,
            debugDescription: "is not a known \(kind) (\(known.joined(separator: ", ")))")
    }
}

/// The outputs in a tile of a transform: `[rows, columns]`, each from 1 to ``largest``.
struct TileMessage: Codable, Hashable {
    static let largest = 1024

    let tile: Extent

    init(_ tile: Extent) {
        self.tile = tile
    }

    init(from decoder: any Decoder) throws {
        let sizes = try [Int](from: decoder)
        guard sizes.count == 2, sizes.allSatisfy({ 1...TileMessage.largest ~= $0 }) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription:
                        "says \(sizes), expected output rows and columns of a tile, each from 1 to \(TileMessage.largest)"
                ))
        }
        tile = Extent(height: sizes[0], width: sizes[1])
    }

    func encode(to encoder: any Encoder) throws {
        try [tile.height, tile.width].encode(to: encoder)
    }
}

/// Any word as a key.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        return nil
    }
}

extension KeyedDecodingContainer {
    /// The case that a word names.
    fileprivate func word<Word: RawRepresentable<String> & CaseIterable>(
        _ key: Key, default usual: Word
    ) throws -> Word {
        try decodeIfPresent(String.self, forKey: key).map { try knownWord($0, at: codingPath + [key]) } ?? usual
    }

    /// The cases that a list of words names.
    fileprivate func words<Word: RawRepresentable<String> & CaseIterable>(
        _ key: Key, default usual: [Word]
    ) throws -> [Word] {
        try decodeIfPresent([String].self, forKey: key).map { try $0.map { try knownWord($0, at: codingPath + [key]) } }
            ?? usual
    }
}
