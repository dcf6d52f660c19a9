public import Conformance
internal import Convolution
internal import DrawnCases

/// Times engines on a case, and judges every answer that it times.
///
/// Each round has new data, drawn before any engine is asked; all engines answer to it in turn, in changing order, each timed
/// from its request to its whole answer, and each answer is judged before the next round. One that is wrong in any round has
/// no time.
public struct Benchmark: Sendable {
    public var engines: [any EngineUnderTest]
    /// How many times each engine is timed after the first, which is the cold one.
    public var rounds = 7
    public var peak: MachinePeak
    public var judge = Judge()
    public var timeLimit = TimeLimit.byWork
    public var seed: UInt64

    public init(engines: [any EngineUnderTest], peak: MachinePeak, seed: UInt64) {
        self.engines = engines
        self.peak = peak
        self.seed = seed
    }

    /// What became of one engine on one case.
    public struct Measurement: Sendable {
        public enum Verdict: Hashable, Sendable {
            /// Every answer was right.
            case timed
            /// An answer was not, or there was none: in which round, counted from 1, with what became of it.
            case failed(round: Int, status: Status, cause: Cause?)
            /// The engine does not compute it.
            case unsupported(String)
            /// Every answer was right, and sooner there than this machine can compute it.
            case impossible(gigaflops: Double, limit: Double)
        }

        public var engine: String
        public var verdict: Verdict
        /// The first answer of an engine that had just been started, in seconds.
        public var cold: Double?
        /// All others, in the order of the rounds.
        public var warm: [Double] = []
        /// Billions of operations of the definition a second, at the median of the warm times.
        public var gigaflops: Double?
    }

    /// All engines on one case.
    public struct Outcome: Sendable {
        public var header: CaseHeader
        /// How many products the definition has, those with padding left out.
        public var products: Double
        public var measurements: [Measurement]
        /// How the last answer was judged that was, where not every element was computed.
        public var projection: Projection?

        /// How many times as long as the last engine an engine takes, round by round; `nil` where one of them has no times.
        public func ratios(of engine: String) -> [Double]? {
            guard let other = measurements.last, let one = measurements.first(where: { $0.engine == engine }),
                one.engine != other.engine, one.verdict == .timed, other.verdict == .timed
            else { return nil }
            return zip(one.warm, other.warm).map { $0 / max($1, 1e-9) }
        }
    }

    /// Whether there is something to time: a valid problem whose data can be drawn anew, and that has an answer.
    public static func canTime(_ header: CaseHeader) -> Bool {
        guard FreshCases.isDrawn(header), let geometry = try? header.problem.geometry() else { return false }
        return geometry.outputShape.count > 0 && geometry.productsPerOutput > 0
    }

    /// - Parameter data: gives the case with data that follows from a seed, another one in every round.
    /// - Throws: ``EngineStartError``, and what is wrong with a case.
    public func outcome(
        of header: CaseHeader, interruption: Interruption = Interruption(),
        data: (CaseHeader, _ seed: UInt64) throws -> GoldenCase
    ) throws -> Outcome {
        let problem = header.problem
        var measurements = engines.map { engine in
            Measurement(
                engine: engine.name,
                verdict: engine.capabilities.obstacle(to: problem).map { .unsupported("it does not declare \($0)") }
                    ?? .timed)
        }
        // Each begins cold.
        let sessions = try engines.indices.map { place -> (any EngineSession)? in
            if measurements[place].verdict != .timed { return nil }
            let session = try engines[place].openSession()
            try session.prepare()
            return session
        }
        var projection: Projection?
        for round in 0...rounds where !interruption.isRequested {
            if measurements.allSatisfy({ $0.verdict != .timed }) { break }
            let golden = try data(header, seed &+ UInt64(round))
            var trial = Trial(golden, judge: judge)
            for engine in engines { _ = trial.request(in: engine.capabilities.layouts[0]) }
            // What runs first finds other caches than what runs last: they take turns.
            let order = round % 2 == 0 ? Array(engines.indices) : engines.indices.reversed()
            for place in order where measurements[place].verdict == .timed {
                guard let session = sessions[place] else { continue }
                let capabilities = engines[place].capabilities
                let result = trial.result(
                    of: session, capabilities: capabilities, in: capabilities.layouts[0], within: timeLimit)
                projection = result.verdict.comparison?.projection ?? projection
                if case .unsupported(let words) = result.answer {
                    measurements[place].verdict = .unsupported(words)
                } else if result.verdict.status != .pass {
                    measurements[place].verdict = .failed(
                        round: round + 1, status: result.verdict.status, cause: result.verdict.cause)
                } else if round == 0 {
                    measurements[place].cold = result.seconds
                } else {
                    measurements[place].warm.append(result.seconds)
                }
            }
        }
        let products = problem.productsInside
        for place in engines.indices where measurements[place].verdict == .timed && !measurements[place].warm.isEmpty {
            let figure = 2e-9 * products / max(Quartiles(measurements[place].warm).median, 1e-9)
            measurements[place].gigaflops = figure
            let limit = peak.limit(for: problem, saving: TransformSaving(engines[place].capabilities))
            if figure > limit { measurements[place].verdict = .impossible(gigaflops: figure, limit: limit) }
        }
        return Outcome(header: header, products: products, measurements: measurements, projection: projection)
    }
}

/// The middle half of some numbers.
public struct Quartiles: Hashable, Sendable {
    public let lower: Double
    public let median: Double
    public let upper: Double

    /// - Precondition: there is a number.
    public init(_ numbers: [Double]) {
        precondition(!numbers.isEmpty, "there is no number")
        let sorted = numbers.sorted()
        func at(_ part: Double) -> Double {
            let place = part * Double(sorted.count - 1)
            let (below, above) = (sorted[Int(place)], sorted[min(Int(place) + 1, sorted.count - 1)])
            return below + (above - below) * (place - place.rounded(.down))
        }
        (lower, median, upper) = (at(0.25), at(0.5), at(0.75))
    }
}

extension Problem {
    /// The products of an operation's definition, those with padding left out: of a bias gradient its additions.
    var productsInside: Double {
        guard let g = try? geometry() else { return 0 }
        if operation == .biasGradient { return Double(g.outputShape.count) / 2 }
        func pairs(_ outputs: Int, _ taps: Int, _ isInside: (Int, Int) -> Bool) -> Double {
            var count = 0
            for y in 0..<outputs { for tap in 0..<taps where isInside(y, tap) { count += 1 } }
            return Double(count)
        }
        let rows = pairs(g.outputHeight, g.kernelHeight) { g.inputRow($0, $1) != nil }
        let columns = pairs(g.outputWidth, g.kernelWidth) { g.inputColumn($0, $1) != nil }
        return rows * columns * Double(g.channelsPerGroup * g.filters) * Double(g.batch)
    }
}
