internal import Convolution
internal import Dispatch
internal import Glibc
internal import Synchronization

/// What a worker found out about one item of a plan.
struct Outcome: Sendable {
    var verdict: Verdict
    var seconds = 0.0
    /// What the engine answered, where that was wrong.
    var answer: EngineAnswer?
    /// The same with what was wanted, where it is small enough for a record.
    var kept: KeptAnswer?
    /// When the engine was asked.
    var turn: Turn?
    /// What is wrong with the golden data.
    var damage: String?

    init(verdict: Verdict, seconds: Double = 0) {
        self.verdict = verdict
        self.seconds = seconds
    }

    init(missing cause: Cause) {
        self.init(verdict: Verdict(.missing, cause))
    }

    init(shortage: Shortage?) {
        self.init(missing: .shortage(shortage?.description ?? "the host ran short"))
    }

    init(damage: String) {
        self.init(missing: .damagedGolden(damage))
        self.damage = damage
    }
}

/// Threads that take the items of a plan one after the other, each with an engine session of its own.
final class WorkerPool: Sendable {
    /// How often the last worker tries to start its engine on a host that has not enough, and how long it waits after
    /// each attempt, in microseconds.
    private static let mostAttemptsAlone = 50
    private static let pause: UInt32 = 20_000

    private let runner: Runner
    private let plan: RunPlan
    private let interruption: Interruption
    private let stop: Interruption
    private let outcomes: OrderedMailbox<Outcome>
    private let queue: WorkQueue
    private let cases: SharedCases
    private let group = DispatchGroup()
    /// How many instances of each engine have been asked something.
    private let instances = Mutex<[Int: Int]>([:])

    /// - Parameter stop: once it is requested, what has not been started is not run.
    init(
        runner: Runner, plan: RunPlan, interruption: Interruption, stop: Interruption,
        outcomes: OrderedMailbox<Outcome>
    ) {
        self.runner = runner
        self.plan = plan
        self.interruption = interruption
        self.stop = stop
        self.outcomes = outcomes
        queue = WorkQueue(plan, seed: runner.orderSeed, beginsWithOrdinary: !runner.isInOrder)
        cases = SharedCases(plan, source: runner.source, limit: max(1, min(runner.jobs, Runner.mostJobs)))
    }

    /// Why nothing more could be run, where the host had too little even for one worker.
    var shortage: Shortage? { queue.shortage }

    func start() {
        let count = max(1, min(runner.jobs, Runner.mostJobs, plan.items.count))
        if runner.jobs > Runner.mostJobs {
            runner.note("at most \(Runner.mostJobs) cases run at the same time, not \(runner.jobs)")
        }
        var threads: [WorkThread] = []
        do throws(Shortage) {
            while threads.count < count { threads.append(try WorkThread()) }
        } catch {
            if threads.isEmpty { queue.giveUp(error) } else { sayOfFewer(error) }
        }
        queue.begin(workers: threads.count)
        for thread in threads {
            group.enter()
            thread.perform {
                self.work()
                self.group.leave()
            }
        }
        if threads.isEmpty {
            for place in plan.items.indices { outcomes.put(Outcome(shortage: queue.shortage), at: place) }
        }
    }

    /// Waits until every worker has come to its end.
    func wait() {
        group.wait()
    }

    private struct Session {
        let engine: Int
        let session: any EngineSession
        /// Whether the engine is about to meet its first request.
        var isFresh = true
        /// When the engine was asked last, and how often it had been started then.
        var turn = Turn(instance: 0, place: 0)
        var starts = 0
    }

    private func work() {
        var session: Session?
        while let place = queue.take(continuing: session.flatMap { $0.isFresh ? nil : $0.engine }) {
            var attemptsAlone = 0
            while true {
                let workers = queue.workers
                do throws(Shortage) {
                    outcomes.put(try outcome(at: place, session: &session), at: place)
                    break
                } catch {
                    // What this worker holds is for the others.
                    session = nil
                    if queue.leave(returning: place) { return sayOfFewer(error) }
                    if workers > 1 { continue }
                    // Others have left, and what they held comes free a moment later.
                    attemptsAlone += 1
                    if attemptsAlone == WorkerPool.mostAttemptsAlone {
                        queue.giveUp(error)
                    } else {
                        usleep(WorkerPool.pause)
                    }
                }
            }
        }
    }

    private func sayOfFewer(_ shortage: Shortage) {
        if queue.isFirstShortage() {
            runner.note("fewer than \(runner.jobs) cases run at a time: \(shortage)")
        }
    }

    private func outcome(at place: Int, session: inout Session?) throws(Shortage) -> Outcome {
        let item = plan.items[place]
        if let shortage = queue.shortage { return Outcome(shortage: shortage) }
        if interruption.isRequested { return Outcome(missing: .interrupted(isBegun: false)) }
        if stop.isRequested { return Outcome(missing: .notReached) }
        let engine = runner.engines[item.engine]
        let problem = item.header.problem
        if let obstacle = engine.capabilities.obstacle(to: problem) {
            return Outcome(verdict: Verdict(.unsupported, .undeclared(obstacle)))
        }
        let needed = problem.bytesInMemory(of: runner.source.exactExtent(of: item.header))
        if needed > runner.memoryLimit {
            return Outcome(verdict: Verdict(.unsupported, .overMemory(needed: needed, limit: runner.memoryLimit)))
        }
        let running: any EngineSession
        do throws(EngineStartError) {
            running = try ready(&session, for: item.engine)
        } catch {
            // It has started before. Where it does not start beside others, it may be that the host has not enough for
            // what it starts itself, its threads for one; it is charged where it fails alone.
            if error.isShortage || queue.workers > 1 { throw Shortage(error.description) }
            return Outcome(verdict: Verdict(.crash, reason: "\(error)"))
        }
        // Read only now: an engine may take a minute to start.
        let golden: GoldenCase
        do {
            golden = try cases.load(place)
        } catch {
            return Outcome(damage: "\(error)")
        }
        var trial = Trial(golden, judge: runner.judge)
        let turn = turn(of: item.engine, &session)
        let (result, difference) = runner.ask(
            running, &trial, capabilities: engine.capabilities, in: item.layouts, isPreferred: item.isPreferredLayout)
        session?.isFresh = difference != nil || result.answer.endsEngine
        var outcome = Outcome(verdict: difference ?? result.verdict, seconds: result.seconds)
        outcome.turn = turn
        // What is computed only where it is needed may be found damaged only then.
        if case .damagedGolden(let words)? = outcome.verdict.cause { outcome.damage = words }
        if result.verdict.status.isFailure { outcome.answer = result.answer }
        if result.verdict.status == .fail { outcome.kept = KeptAnswer(result.answer, to: golden) }
        return outcome
    }

    /// When the session's engine, which runs, is about to be asked.
    private func turn(of engine: Int, _ session: inout Session?) -> Turn? {
        guard var asking = session else { return nil }
        if asking.starts != asking.session.starts {
            asking.starts = asking.session.starts
            let instance = instances.withLock { instances in
                instances[engine, default: 0] += 1
                return instances[engine, default: 0]
            }
            asking.turn = Turn(instance: instance, place: 0)
        }
        asking.turn.place += 1
        session = asking
        return asking.turn
    }

    /// The worker's session, opened where it is another engine's, with its engine running.
    private func ready(_ session: inout Session?, for engine: Int) throws(EngineStartError) -> any EngineSession {
        if let session, session.engine == engine {
            try session.session.prepare()
            return session.session
        }
        // The old one ends first: both together may be more than the host has.
        session = nil
        let opened = try runner.engines[engine].openSession()
        try opened.prepare()
        session = Session(engine: engine, session: opened)
        return opened
    }
}

extension EngineAnswer {
    /// Whether the next request may meet another instance of the engine.
    var endsEngine: Bool {
        switch self {
        case .crash, .timeout, .error, .violation: true
        default: false
        }
    }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
