/// What became of one check, with what an engine answered where that was wrong.
public struct Observation: Sendable {
    public var header: CaseHeader
    public var layouts: LayoutPair
    public var status: Status
    /// Of a failure, unless it was too large to be kept.
    public var answer: EngineAnswer?
    /// When the engine was asked; `nil` where it was not.
    public var turn: Turn?

    public init(
        header: CaseHeader, layouts: LayoutPair, status: Status, answer: EngineAnswer? = nil, turn: Turn? = nil
    ) {
        self.header = header
        self.layouts = layouts
        self.status = status
        self.answer = answer
        self.turn = turn
    }
}

/// Finds out what the failures of an engine have in common.
public protocol FailureDiagnosis: Sendable {
    /// - Parameters:
    ///   - observations: of one engine, in the order of the run.
    ///   - source: has the cases of the observations.
    func findings(engine: String, observations: [Observation], source: any CaseSource) -> [Finding]

    /// The names of the mistakes that it knows.
    var names: [String] { get }

    /// Whether an answer is exactly what the mistake of that name gives on the same case.
    func isGiven(by name: String, _ observation: Observation, source: any CaseSource) -> Bool
}

/// Keeps what a diagnosis needs of a run, within bounds.
struct ObservationLog {
    /// The most bytes that answers of one run may take.
    private static let mostBytes = 256 << 20
    /// The most bytes that one answer may take.
    private static let mostBytesEach = 4 << 20

    private var observations: [String: [Observation]] = [:]
    private var bytes = 0

    mutating func note(_ result: CaseResult, answer: EngineAnswer?) {
        var observation = Observation(
            header: result.header, layouts: result.layouts, status: result.status, turn: result.turn)
        switch answer {
        case .output(let tensor, _)?:
            let size = tensor.count * tensor.type.size
            if size <= Self.mostBytesEach, bytes + size <= Self.mostBytes {
                observation.answer = answer
                bytes += size
            }
        case let other: observation.answer = other
        }
        observations[result.engine, default: []].append(observation)
    }

    /// What was observed of the engines, in their order, of which some check failed.
    func failing(of engines: [String]) -> [(engine: String, observations: [Observation])] {
        engines.compactMap { engine in
            let observations = observations[engine] ?? []
            return observations.contains { $0.status.isFailure } ? (engine, observations) : nil
        }
    }
}
