internal import Conformance
internal import Convolution

extension Frame {
    private enum Kind: CaseIterable {
        case output, unsupported, rejected, refused, error, crash, timeout, changedOperand, unwritten, touchedOutside
    }

    /// What a worker says by itself where guarded memory is touched: the words before those of a ``MemoryTouch``, and where
    /// among them the request's id stands.
    static let faultReport: (head: [Int], identityPlace: Int) = (
        [6, 0, 0, Kind.allCases.firstIndex(of: .touchedOutside) ?? 0], 2
    )

    /// An answer, whose tensor is put into shared memory at `place`.
    init(_ answer: EngineAnswer, id: Int, in memory: SharedMemory, at place: Int) throws(SystemError) {
        self.init()
        put(id)
        switch answer {
        case .output(let tensor, let computation):
            put(Kind.output)
            put(tensor.order.axes)
            put(tensor.type)
            put(tensor.shape.list)
            put(place)
            put(computation)
            try memory.reserve(place + tensor.count * tensor.type.size)
            tensor.withElements { bytes in
                if let source = bytes.baseAddress {
                    (memory.bytes.baseAddress! + place).copyMemory(from: source, byteCount: bytes.count)
                }
            }
        case .unsupported(let text): put(.unsupported, text)
        case .rejected(let text): put(.rejected, text)
        case .refused(let text): put(.refused, text)
        case .error(let text): put(.error, text)
        case .violation(.changedOperand(let text)): put(.changedOperand, text)
        case .violation(.unwritten(let text)): put(.unwritten, text)
        case .violation(.touchedOutside(let touch)):
            put(Kind.touchedOutside)
            put(GuardedMemory.Name.allCases.firstIndex { $0.text == touch.tensor } ?? 0)
            put(touch.access)
            put(touch.place)
            put(touch.distance)
        case .violation(let cause): put(.error, "\(cause)")
        case .crash(let text): put(.crash, text)
        case .timeout(let text): put(.timeout, text)
        }
    }

    private mutating func put(_ kind: Kind, _ text: String) {
        put(kind)
        put(text: text)
    }

    private mutating func put(_ computation: Computation) {
        put(counted: computation.algorithm.flatMap { Capabilities.Algorithm.allCases.firstIndex(of: $0) }.list)
        put(counted: computation.tile.map { [$0.height, $0.width] } ?? [])
        put(counted: computation.arithmetic.flatMap { Arithmetic.allCases.firstIndex(of: $0) }.list)
        put(computation.implementation == nil ? 0 : 1)
        if let implementation = computation.implementation { put(text: implementation) }
    }

    /// The answer to a request, with a copy of its tensor.
    mutating func answer(
        to request: EngineRequest, id: Int, from memory: SharedMemory
    ) throws(ExchangeFailure) -> EngineAnswer {
        let (answered, kind) = (try next(), try nextWord(of: Kind.self))
        // What was touched after the answer to another request costs this one.
        guard answered == id || kind == .touchedOutside else {
            throw .malformed("received an answer to request \(answered); expected one to request \(id)")
        }
        let words = text.isEmpty ? "no reason given" : String(decoding: text, as: UTF8.self)
        switch kind {
        case .changedOperand: return .violation(.changedOperand(words))
        case .unwritten: return .violation(.unwritten(words))
        case .touchedOutside:
            let name = try nextWord(of: GuardedMemory.Name.self)
            let (access, place) = (try nextWord(of: MemoryTouch.Access.self), try nextWord(of: MemoryTouch.Place.self))
            let distance = try next()
            guard distance >= 0 else { throw .malformed("received a distance of \(distance) bytes") }
            return .violation(.touchedOutside(MemoryTouch(access, place, name.text, distance: distance)))
        case .unsupported: return .unsupported(words)
        case .rejected: return .rejected(words)
        case .refused: return .refused(words)
        case .error: return .error(words)
        case .crash: return .crash(words)
        case .timeout: return .timeout(words)
        case .output:
            let axes = try next(4)
            guard axes.sorted() == [0, 1, 2, 3] else { throw .malformed("received an answer with the axes \(axes)") }
            let tensor = try nextTensor(
                from: memory, order: AxisOrder(axes), limit: Reply.mostElements(answering: request.problem))
            return .output(tensor, try nextComputation(words))
        }
    }

    private mutating func nextComputation(_ words: String) throws(ExchangeFailure) -> Computation {
        func word<Word>(_ list: [Int], _ all: [Word]) -> Word? {
            list.first.flatMap { all.indices ~= $0 ? all[$0] : nil }
        }
        let algorithm = word(try nextCounted(), Capabilities.Algorithm.allCases)
        let tile = try nextCounted()
        guard tile.isEmpty || tile.count == 2, tile.allSatisfy({ 1...TileMessage.largest ~= $0 }) else {
            throw .malformed(
                "received a tile of \(tile.prefix(9)); expected rows and columns, each from 1 to \(TileMessage.largest)"
            )
        }
        let arithmetic = word(try nextCounted(), Arithmetic.allCases)
        return Computation(
            algorithm: algorithm, tile: tile.count == 2 ? Extent(height: tile[0], width: tile[1]) : nil,
            arithmetic: arithmetic, implementation: try next() == 1 ? words : nil)
    }
}

extension Optional {
    fileprivate var list: [Wrapped] { map { [$0] } ?? [] }
}
