internal import Conformance
internal import Convolution

/// An engine's answer to a ``RunRequest``; for a result, the output follows the line.
struct Reply: Codable, Hashable {
    enum Kind: String, Codable, CaseIterable {
        case result, unsupported, rejected, refused, error

        init(from decoder: any Decoder) throws {
            self = try knownWord(String(from: decoder), at: decoder.codingPath)
        }
    }

    var type: Kind
    var id: Int
    var tensors: [TensorHeader]?
    var reason: String?
    var message: String?
    /// How a result was computed, where that is not as declared, or is worth telling.
    var algorithm: WireWord<Capabilities.Algorithm>?
    var tile: TileMessage?
    var arithmetic: WireWord<Arithmetic>?
    var implementation: String?

    init(_ type: Kind, id: Int, reason: String? = nil, message: String? = nil) {
        self.type = type
        self.id = id
        self.reason = reason
        self.message = message
    }

    /// A result, whose output follows the line.
    init(id: Int, output: TensorHeader, _ computation: Computation) {
        self.init(.result, id: id)
        tensors = [output]
        algorithm = computation.algorithm.map(WireWord.init)
        tile = computation.tile.map(TileMessage.init)
        arithmetic = computation.arithmetic.map(WireWord.init)
        implementation = computation.implementation
    }

    /// The answer in a line.
    ///
    /// - Throws: ``ExchangeFailure/malformed(_:)`` where it is none, or another request's.
    init(line: [UInt8], id: Int) throws(ExchangeFailure) {
        let expectation = "an answer of type result, unsupported, rejected, refused or error to request \(id)"
        self = try Wire.message(Reply.self, in: line, expected: expectation)
        guard self.id == id else {
            throw .malformed("received an answer to request \(self.id); expected \(expectation)")
        }
    }

    /// What the engine says, with the output that `read` reads from the stream.
    func answer(
        to request: EngineRequest, read: (_ count: Int) throws(ExchangeFailure) -> [Float]
    ) throws(ExchangeFailure) -> EngineAnswer {
        switch type {
        case .unsupported: return .unsupported(reason ?? "no reason given")
        case .rejected: return .rejected(reason ?? "no reason given")
        case .refused: return .refused(reason ?? "no reason given")
        case .error: return .error(message ?? "no message given")
        case .result:
            guard let header = tensors?.first, tensors?.count == 1 else {
                throw .malformed("received a result with \(tensors?.count ?? 0) tensors; expected 1, 'output'")
            }
            let count = try header.count(
                expectedName: "output", rank: 4, limit: Reply.mostElements(answering: request.problem))
            let order = request.layouts.activation.order
            guard let shape = order.logical(header.shape) else {
                throw .malformed("received an output with shape \(header.shape); expected rank 4")
            }
            return .output(.float32(Tensor(shape: shape, order: order, elements: try read(count))), computation)
        }
    }

    private var computation: Computation {
        Computation(
            algorithm: algorithm?.word, tile: tile?.tile, arithmetic: arithmetic?.word, implementation: implementation)
    }

    /// How many elements an output may have before it counts as nonsense: a wrong shape is for the runner to judge,
    /// and wrong shapes come from mixed-up extents, strides and pads, not from other orders of magnitude.
    static func mostElements(answering problem: Problem) -> Int {
        let valid = (try? problem.geometry())?.outputShape.count ?? 0
        return (1 << 24) + 4 * min(valid, 1 << 40)
    }
}
