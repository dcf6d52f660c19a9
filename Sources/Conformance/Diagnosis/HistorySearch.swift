internal import Convolution

extension Runner {
    /// Findings with what becomes of their smallest cases in fresh processes, and one for each kind of failure that none of
    /// them speaks of, where there are such processes.
    ///
    /// - Parameters:
    ///   - findings: about the engine of that name.
    ///   - observations: of the engine, in the order of the run.
    public func withHistories(
        _ findings: [Finding], of name: String, _ observations: [Observation],
        interruption: Interruption = Interruption()
    ) -> [Finding] {
        guard let historyLimit, let engine = engines.first(where: { $0.name == name }) else { return findings }
        var findings = findings
        if engine.hasOwnProcess { findings += Self.kinds(in: observations, beside: findings, engine: name) }
        let end = ContinuousClock.now + historyLimit
        let asked = Dictionary(grouping: observations.filter { $0.turn != nil }) { $0.turn?.instance ?? 0 }
            .mapValues { $0.sorted { ($0.turn?.place ?? 0) < ($1.turn?.place ?? 0) } }
        for place in findings.indices where !interruption.isRequested {
            let smallest = observations.first {
                $0.header.id == findings[place].smallest && History.statuses.contains($0.status)
            }
            guard let smallest else { continue }
            let earlier = (asked[smallest.turn?.instance ?? 0] ?? []).prefix {
                ($0.turn?.place ?? 0) < (smallest.turn?.place ?? 0)
            }
            // What one leaves of its time is for the others.
            let share = (end - .now) / (findings.count - place)
            let search = HistorySearch(
                runner: self, engine: engine, failure: smallest, earlier: Array(earlier), end: .now + share,
                interruption: interruption)
            findings[place].history = search.history()
        }
        return findings
    }

    /// A finding for the failures of each status that no finding has.
    private static func kinds(
        in observations: [Observation], beside findings: [Finding], engine: String
    ) -> [Finding] {
        let known = Set(findings.flatMap(\.cases))
        let failing = observations.filter { History.statuses.contains($0.status) }
        let all = Set(failing.map(\.header.id)).count
        return History.statuses.compactMap { status in
            let rest = failing.filter { $0.status == status && !known.contains($0.header.id) }
            guard let smallest = rest.min(by: { $0.header.problem.products < $1.header.problem.products }) else {
                return nil
            }
            var seen: Set<String> = []
            return Finding(
                engine: engine, candidates: [], cases: rest.map(\.header.id).filter { seen.insert($0).inserted },
                allFailing: all, smallest: smallest.header.id)
        }
    }
}

/// Asks a failing check again, in fresh processes of its engine: alone, over and over, after the case that its process had
/// been asked just before, and after those before that.
struct HistorySearch {
    /// How often one process is asked the same, and how often where it never failed.
    private static let (calls, manyCalls) = (9, 200)
    /// How many processes tell whether it is worth asking ``History/enough``.
    private static let few = 2
    /// How many cases before a failure are asked again at most.
    private static let mostEarlier = 1000
    /// More than so many cases before are no answer that helps.
    private static let mostTold = 16

    /// Says how to judge, and how often to ask.
    let runner: Runner
    let engine: any EngineUnderTest
    let failure: Observation
    /// What the same instance of the engine had been asked before, in order.
    let earlier: [Observation]
    let end: ContinuousClock.Instant
    let interruption: Interruption

    private struct Reply {
        var call: History.Call
        var answer: EngineAnswer
        /// What was answered just before.
        var before: EngineAnswer?
    }

    /// Why something was not asked.
    private struct Ended: Error {
        let limit: History.Limit
    }

    func history() -> History {
        var history = History(layouts: failure.layouts, status: failure.status)
        if !engine.hasOwnProcess {
            history.limit = .inProcess
            return history
        }
        do throws(Ended) {
            try ask(for: &history)
        } catch {
            history.limit = error.limit
        }
        return history
    }

    private func ask(for history: inout History) throws(Ended) {
        let golden = try load(failure)
        for _ in 0..<Self.few { try askRepeatedly(Self.calls, golden, &history) }
        let calls = history.calls.joined()
        if calls.contains(.other) || history.alone.other > 0 { return }
        if history.alone.failed > 0, history.alone.passed > 0 || calls.contains(.passed) {
            return try askAlone(golden, &history)
        }
        if calls.contains(.failed), history.alone.allPassed { return }
        var before = Array(earlier.suffix(1))
        if before.isEmpty { return try history.alone.allPassed ? askOften(golden, &history) : () }
        var replies: [Reply] = []
        for _ in 0..<Self.few { replies.append(try reply(golden, after: before)) }
        if history.alone.allPassed, replies.allSatisfy({ $0.call == .passed }) {
            // Something earlier, perhaps.
            if let culprits = try culprits(golden) {
                (before, replies) = (culprits, [])
            }
        }
        history.sequel = .init(cases: before.map(\.header.id), shared: before.count == 1 ? shared(with: before[0]) : [])
        for reply in replies { history.sequel?.tally.count(reply.call) }
        let isAsAlone =
            history.alone.allPassed
            ? history.sequel?.tally.passed == replies.count : history.sequel?.tally.failed == replies.count
        if isAsAlone, !replies.isEmpty { return try history.alone.allPassed ? askOften(golden, &history) : () }
        // By turns, so that nothing else that changes meanwhile is taken for the cause.
        while (history.sequel?.tally.total ?? 0) < History.enough || history.alone.total < History.enough {
            if history.alone.total < History.enough {
                history.alone.count(try reply(golden, after: []).call)
            }
            if (history.sequel?.tally.total ?? 0) < History.enough {
                let reply = try reply(golden, after: before)
                history.sequel?.tally.count(reply.call)
                replies.append(reply)
            }
        }
        if history.conclusion == .after { history.echo = echo(in: replies, golden) }
    }

    /// First calls of fresh processes.
    private func askAlone(_ golden: GoldenCase, _ history: inout History) throws(Ended) {
        while history.alone.total < History.enough { history.alone.count(try reply(golden, after: []).call) }
    }

    /// What is rare takes long to be seen.
    private func askOften(_ golden: GoldenCase, _ history: inout History) throws(Ended) {
        try askRepeatedly(Self.manyCalls, golden, &history)
    }

    /// Asks a fresh process the same so often, or until it ends.
    private func askRepeatedly(_ count: Int, _ golden: GoldenCase, _ history: inout History) throws(Ended) {
        let session = try openSession()
        var trial = Trial(golden, judge: runner.judge)
        var (calls, last): ([History.Call], EngineAnswer?) = ([], nil)
        defer { if calls.count > 1 { history.calls.append(calls) } }
        while calls.count < count, session.starts == 1 {
            var reply = try ask(session, &trial)
            if calls.isEmpty { history.alone.count(reply.call) }
            calls.append(reply.call)
            if reply.answer.endsEngine { break }
            reply.before = last
            if calls == [.passed, .failed] { history.echo = echo(in: [reply], golden) }
            last = reply.answer
        }
    }

    /// What a fresh process makes of the check after other cases.
    private func reply(_ golden: GoldenCase, after cases: [Observation]) throws(Ended) -> Reply {
        let session = try openSession()
        var before: EngineAnswer?
        for observation in cases {
            var trial = Trial(try load(observation), judge: runner.judge)
            before = try ask(session, &trial, observation.layouts).answer
        }
        var trial = Trial(golden, judge: runner.judge)
        var reply = try ask(session, &trial)
        reply.before = before
        // A process that ended on the way, and was started again, is not what the run's was.
        if session.starts != 1 { reply.call = .other }
        return reply
    }

    /// The cases before, as few as were found, after which the check fails; `nil` where it does not after all of them.
    private func culprits(_ golden: GoldenCase) throws(Ended) -> [Observation]? {
        let cases = earlier.suffix(Self.mostEarlier)
        func fails(after count: Int) throws(Ended) -> Bool {
            try reply(golden, after: Array(cases.suffix(count))).call == .failed
        }
        var (passing, failing) = (1, 1)
        repeat {
            if failing == cases.count { return nil }
            passing = failing
            failing = min(4 * failing, cases.count)
        } while try !fails(after: failing)
        while failing - passing > 1 {
            let middle = (passing + failing) / 2
            if try fails(after: middle) { failing = middle } else { passing = middle }
        }
        let found = Array(cases.suffix(failing))
        if try reply(golden, after: [found[0]]).call == .failed { return [found[0]] }
        return found.count <= Self.mostTold ? found : nil
    }

    /// What the check has in common with another, of what engines keep things by.
    private func shared(with other: Observation) -> [String] {
        let (mine, others) = (failure.header.problem, other.header.problem)
        let outputs = [mine, others].map { (try? $0.geometry())?.outputShape ?? [0, 0, 0, 0] }
        let shapes = [
            ("input", mine.input, others.input), ("filter", mine.filter, others.filter),
            ("output", outputs[0], outputs[1]),
        ]
        return shapes.compactMap { name, one, two in
            one == two ? "\(name) shape" : one.count == two.count ? "number of \(name) elements" : nil
        } + (mine.biasCount != nil && mine.biasCount == others.biasCount ? ["length of the bias"] : [])
    }

    /// What the wrong answers after another case are made of, where it is the same each time.
    private func echo(in replies: [Reply], _ golden: GoldenCase) -> History.Echo? {
        guard let want = golden.output?.expected.reordered(to: .logical).elements, !replies.isEmpty else { return nil }
        func isEcho(_ echo: History.Echo) -> Bool {
            replies.allSatisfy { reply in
                guard case .output(let answer, _) = reply.answer, case .output(let last, _)? = reply.before,
                    answer.shape == last.shape, answer.type == last.type
                else { return false }
                let got = answer.doubles.reordered(to: .logical).elements
                let before = last.doubles.reordered(to: .logical).elements
                switch echo {
                case .answerBefore: return got == before
                case .sumWithAnswerBefore:
                    // Whole numbers, whose sums are exact.
                    guard golden.header.data == .integer, got.count == want.count else { return false }
                    return got.indices.allSatisfy { got[$0] == want[$0] + before[$0] }
                }
            }
        }
        return isEcho(.answerBefore) ? .answerBefore : isEcho(.sumWithAnswerBefore) ? .sumWithAnswerBefore : nil
    }

    // MARK: One question

    private func load(_ observation: Observation) throws(Ended) -> GoldenCase {
        do {
            return try runner.source.load(observation.header)
        } catch {
            throw Ended(limit: .trouble("\(error)"))
        }
    }

    private func openSession() throws(Ended) -> any EngineSession {
        if end <= .now || interruption.isRequested { throw Ended(limit: .time) }
        do throws(EngineStartError) {
            let session = try engine.openSession()
            try session.prepare()
            return session
        } catch {
            throw Ended(limit: .trouble(error.reason))
        }
    }

    /// Asks as the run did.
    ///
    /// - Throws: where there is no time left; what had less time than in the run has no timeout.
    private func ask(
        _ session: any EngineSession, _ trial: inout Trial, _ layouts: LayoutPair? = nil
    ) throws(Ended) -> Reply {
        let (limit, left) = (runner.timeLimit.duration(for: trial.golden.header.problem), end - .now)
        let isTooLong = failure.status == .timeout && left < limit
        if left <= .zero || isTooLong || interruption.isRequested { throw Ended(limit: .time) }
        var asking = runner
        asking.timeLimit = .fixed(min(limit, left))
        let layouts = layouts ?? failure.layouts
        let (first, difference) = asking.ask(
            session, &trial, capabilities: engine.capabilities, in: layouts,
            isPreferred: layouts == engine.capabilities.layouts.first)
        let verdict = difference ?? first.verdict
        if verdict.status == .timeout, left < limit { throw Ended(limit: .time) }
        let call: History.Call =
            verdict.status == failure.status ? .failed : verdict.status == .pass ? .passed : .other
        return Reply(call: call, answer: first.answer)
    }
}
