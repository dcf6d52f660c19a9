internal import Convolution
internal import Dispatch
internal import Synchronization

/// What a worker found out about one item of a plan.
struct Outcome: Sendable {
    var verdict: Verdict
    var seconds = 0.0
    /// What is wrong with the golden data.
    var damage: String?

    init(verdict: Verdict, seconds: Double = 0) {
        self.verdict = verdict
        self.seconds = seconds
    }

    init(missing reason: String) {
        self.init(verdict: Verdict(.missing, reason: reason))
    }

    init(damage: String) {
        self.init(missing: "golden data damaged: \(damage)")
        self.damage = damage
    }
}

/// Threads that take the items of a plan one after the other, each with an engine session of its own.
final class WorkerPool: Sendable {
    private let runner: Runner
    private let plan: RunPlan
    private let interruption: Interruption
    private let stop: Interruption
    private let outcomes: OrderedMailbox<Outcome>
    private let next = Atomic(0)
    private let group = DispatchGroup()

    init(
        runner: Runner, plan: RunPlan, interruption: Interruption, stop: Interruption,
        outcomes: OrderedMailbox<Outcome>
    ) {
        self.runner = runner
        self.plan = plan
        self.interruption = interruption
        self.stop = stop
        self.outcomes = outcomes
    }

    func start() {
        for worker in 0..<max(1, min(runner.jobs, plan.items.count)) {
            DispatchQueue(label: "worker \(worker)").async(group: group) { self.work() }
        }
    }

    func wait() {
        group.wait()
    }

    private func work() {
        var session: (engine: Int, session: any EngineSession)?
        while true {
            let place = next.add(1, ordering: .relaxed).oldValue
            guard place < plan.items.count else { return }
            outcomes.put(outcome(of: plan.items[place], session: &session), at: place)
        }
    }

    private func outcome(
        of item: RunPlan.Item, session: inout (engine: Int, session: any EngineSession)?
    ) -> Outcome {
        if interruption.isRequested { return Outcome(missing: "not run: the run was interrupted") }
        if stop.isRequested { return Outcome(missing: "not run") }
        let engine = runner.engines[item.engine]
        if let obstacle = engine.capabilities.obstacle(to: item.description.problem) {
            return Outcome(verdict: Verdict(.unsupported, reason: obstacle))
        }
        let needed = item.description.problem.bytesInMemory
        if needed > runner.memoryLimit {
            let reason = "skipped: it needs \(needed >> 20) MiB, the limit is \(runner.memoryLimit >> 20) MiB"
            return Outcome(verdict: Verdict(.unsupported, reason: reason))
        }
        let golden: GoldenCase
        do {
            golden = try runner.source.load(item.description)
        } catch {
            return Outcome(damage: "\(error)")
        }
        do {
            if session?.engine != item.engine {
                session = nil
                session = (item.engine, try engine.openSession())
            }
        } catch {
            return Outcome(verdict: Verdict(.crash, reason: "\(error)"))
        }
        guard let session else { return Outcome(missing: "not run: there is no session") }
        let request = golden.request(in: item.layouts)
        let start = ContinuousClock.now
        let answer = session.session.answer(to: request, within: runner.timeout)
        let seconds = (ContinuousClock.now - start).inSeconds
        return Outcome(
            verdict: runner.judge.verdict(on: answer, to: golden, capabilities: engine.capabilities), seconds: seconds)
    }
}

extension Problem {
    /// What its tensors take: input, filter and the engine's output in float32, the golden output in float64, and its
    /// magnitude in float32. `Int.max` where that is beyond `Int`, 0 where there is no output.
    var bytesInMemory: Int {
        guard let output = try? geometry().outputShape else { return 0 }
        let bytes = [(input, 4), (filter, 4), (output, 16)].map { shape, size in
            shape.checkedCount?.multipliedReportingOverflow(by: size)
        }
        return bytes.reduce(0) { sum, part in
            guard let part, !part.overflow else { return Int.max }
            let (total, overflow) = sum.addingReportingOverflow(part.partialValue)
            return overflow ? Int.max : total
        }
    }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
