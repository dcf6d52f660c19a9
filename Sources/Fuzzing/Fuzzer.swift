public import Conformance
internal import Convolution
internal import Synchronization

/// Gives random problems to an engine until a time is over, and shrinks what it fails.
public struct Fuzzer: Sendable {
    public var distribution: ProblemDistribution
    public var seed: UInt64
    /// The first problem, counted from 0: those before it are left out.
    public var first = 0
    /// How many problems are tried at most; `nil` for no limit.
    public var most: Int?
    /// How long new problems are begun; `nil` for no limit.
    public var duration: Duration?
    /// How many problems are tried at the same time.
    public var jobs = 1
    /// How many failing problems are shrunk and kept, the first ones; others are only counted.
    public var mostKept = 5
    public var judge = Judge()
    public var timeLimit = TimeLimit.byWork

    public init(distribution: ProblemDistribution = ProblemDistribution(), seed: UInt64) {
        self.distribution = distribution
        self.seed = seed
    }

    /// What a run found.
    public struct Outcome: Sendable {
        /// Problems by status.
        public var counts: [Status: Int] = [:]
        /// Pairs of features that problems which the engine answered had, as numbers in order, and how many there are.
        public var pairs = (met: [Int](), all: FeaturePairs.all)
        /// The numbers of the problems that it failed, in order.
        public var failing: [Int] = []
        /// Failing cases, made as small as they fail; named after the seed and the number of the problem.
        public var found: [GoldenCase] = []

        /// How many problems were tried.
        public var tried: Int { counts.values.reduce(0, +) }
        /// How many the engine answered, or should have.
        public var executed: Int { tried - (counts[.unsupported] ?? 0) }
        public var failures: Int { counts.reduce(0) { $0 + ($1.key.isFailure ? $1.value : 0) } }
    }

    private struct State {
        var outcome = Outcome()
        var pairs = FeaturePairs()
        var next: Int
        var failing: [(index: Int, golden: GoldenCase, status: Status)] = []
        var error: (any Error)?
    }

    /// Tries problems until one of the limits is reached, or an interruption is requested.
    ///
    /// - Throws: ``EngineStartError`` where the engine cannot be started, and what is wrong with a case that was made.
    public func run(_ engine: any EngineUnderTest, interruption: Interruption = Interruption()) throws -> Outcome {
        let end = duration.map { ContinuousClock.now + $0 }
        let state = Mutex(State(next: first))
        let capabilities = engine.capabilities
        _ = try orderedMap(jobs, jobs: jobs) { _ in
            let session = try engine.openSession()
            while !interruption.isRequested, end.map({ .now < $0 }) ?? true {
                let index = state.withLock { state in
                    defer { state.next += 1 }
                    return state.next
                }
                if let most, index >= first + most { return }
                let golden = try FuzzCase.golden(index, seed: seed, from: distribution)
                let problem = golden.header.problem
                var trial = Trial(golden, judge: judge)
                var status = Status.unsupported
                if capabilities.obstacle(to: problem) == nil {
                    status =
                        trial.result(
                            of: session, capabilities: capabilities, in: capabilities.layouts[0], within: timeLimit
                        ).verdict.status
                }
                state.withLock { state in
                    state.outcome.counts[status, default: 0] += 1
                    if status != .unsupported, golden.output != nil { state.pairs.note(problem) }
                    if status.isFailure { state.failing.append((index, golden, status)) }
                }
            }
        }
        var (outcome, pairs, failing) = state.withLock { ($0.outcome, $0.pairs, $0.failing) }
        outcome.pairs.met = pairs.list
        failing.sort { $0.index < $1.index }
        outcome.failing = failing.map(\.index)
        outcome.found = try shrunk(failing, on: engine)
        return outcome
    }

    /// The failing cases that are kept, as small as they get; of those that end as the same problem one.
    private func shrunk(
        _ failing: [(index: Int, golden: GoldenCase, status: Status)], on engine: any EngineUnderTest
    ) throws -> [GoldenCase] {
        var found: [GoldenCase] = []
        if failing.isEmpty { return found }
        let session = try engine.openSession()
        for failure in failing {
            if found.count == mostKept { break }
            let shrinker = Shrinker { golden in
                var trial = Trial(golden, judge: judge)
                return trial.result(
                    of: session, capabilities: engine.capabilities, in: engine.capabilities.layouts[0],
                    within: timeLimit
                ).verdict.status == failure.status
            }
            let golden =
                failure.golden.header.expectation == .output
                ? shrinker.smallest(than: failure.golden) : failure.golden
            if !found.contains(where: { $0.header.problem == golden.header.problem }) { found.append(golden) }
        }
        return found
    }
}
