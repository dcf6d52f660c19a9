internal import Conformance
internal import Convolution

/// An engine's answer to a ``RunRequest``; for a result, the tensor that was wanted follows the line.
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

    /// A result, whose tensor follows the line.
    init(id: Int, _ tensor: TensorHeader, _ computation: Computation) {
        self.init(.result, id: id)
        tensors = [tensor]
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

    /// What the engine says, with the tensor that `read` reads from the stream.
    func answer(
        to request: EngineRequest,
        read: (_ name: String, _ memory: UnsafeMutableRawBufferPointer) throws(ExchangeFailure) -> Void
    ) throws(ExchangeFailure) -> EngineAnswer {
        let reason = reason.flatMap { $0.isEmpty ? nil : $0 } ?? "no reason given"
        switch type {
        case .unsupported: return .unsupported(reason)
        case .rejected: return .rejected(reason)
        case .refused: return .refused(reason)
        case .error: return .error(message.flatMap { $0.isEmpty ? nil : $0 } ?? "no message given")
        case .result:
            let problem = request.problem
            let role = problem.operation.answer
            guard let header = tensors?.first, tensors?.count == 1 else {
                throw .malformed(
                    "received a result with \(tensors?.count ?? 0) tensors; expected 1, '\(role.rawValue)'")
            }
            let shape = try header.shape(
                of: role, in: request.layouts, limit: Reply.mostElements(answering: problem))
            let type = try header.type(expected: [problem.answerType])
            let tensor = try AnyTensor(type: type, shape: shape, order: role.order(in: request.layouts)) {
                memory throws(ExchangeFailure) in try read(header.name, memory)
            }
            return .output(tensor, computation)
        }
    }

    private var computation: Computation {
        Computation(
            algorithm: algorithm?.word, tile: tile?.tile, arithmetic: arithmetic?.word, implementation: implementation)
    }

    /// How many elements an answer may have before it counts as nonsense: a wrong shape is for the runner to judge,
    /// and wrong shapes come from mixed-up extents, strides and pads, not from other orders of magnitude.
    static func mostElements(answering problem: Problem) -> Int {
        let shape = problem.gradientShape ?? (try? problem.geometry())?.outputShape
        return (1 << 24) + 4 * min(shape?.checkedCount ?? 0, 1 << 40)
    }
}
