internal import Conformance

/// How a library says that it computed an answer: the fields of a ``Reply`` that say it.
struct ComputationMessage: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case algorithm, tile, arithmetic, implementation
    }

    let computation: Computation

    init(from decoder: any Decoder) throws {
        try refuseUnknownKeys(in: decoder, known: CodingKeys.allCases.map(\.rawValue), called: "field of a computation")
        let container = try decoder.container(keyedBy: CodingKeys.self)
        computation = Computation(
            algorithm: try container.decodeIfPresent(WireWord<Capabilities.Algorithm>.self, forKey: .algorithm)?.word,
            tile: try container.decodeIfPresent(TileMessage.self, forKey: .tile)?.tile,
            arithmetic: try container.decodeIfPresent(WireWord<Arithmetic>.self, forKey: .arithmetic)?.word,
            implementation: try container.decodeIfPresent(String.self, forKey: .implementation))
    }
}
