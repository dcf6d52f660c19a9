import Convolution
import Dispatch
import Foundation
import Synchronization
import Testing
import _TestSupport

@testable import Conformance

/// Time, threads, shortage and interruption.
@Suite struct WorkerTests {
    private func run(
        _ engines: [any EngineUnderTest], _ source: any CaseSource, configure: (inout Runner) -> Void = { _ in }
    ) -> (results: [CaseResult], summary: RunSummary, notes: [String]) {
        var runner = Runner(engines: engines, source: source, cases: source.cases)
        runner.layouts = .preferred
        let notes = Mutex<[String]>([])
        runner.note = { note in notes.withLock { $0.append(note) } }
        configure(&runner)
        var results: [CaseResult] = []
        let summary = runner.run { event in
            if case .finished(let result) = event { results.append(result) }
        }
        return (results, summary, notes.withLock { $0 })
    }

    private func cases(_ count: Int) -> CaseList {
        CaseList((0..<count).map { Fixture.identity([Double($0)], data: .integer, name: "case-\($0)") })
    }

    @Test func manyBlockedEnginesDoNotStarveOneAnother() throws {
        // No engine answers before all have been asked: with a pool of threads that would be never.
        let count = 300
        let asked = Atomic(0)
        let engine = try inProcess { _, input in
            asked.add(1, ordering: .relaxed)
            while asked.load(ordering: .relaxed) < count { usleep(10_000) }
            return input
        }
        let (_, summary, _) = run([engine], cases(count)) {
            ($0.jobs, $0.timeLimit) = (count, .fixed(.seconds(60)))
        }
        #expect(summary.counts[.pass] == count)
    }

    @Test func theCapOnJobsIsSaid() throws {
        let engine = try inProcess { _, input in input }
        let (_, summary, notes) = run([engine], cases(2)) { $0.jobs = 5000 }
        #expect(summary.counts[.pass] == 2)
        #expect(notes.first?.contains("at most 1024") == true)
    }

    @Test func theLimitFollowsTheWork() {
        let small = Problem(input: [1, 4, 4, 1], filter: [1, 1, 1, 1])
        let large = Problem(input: [10, 100, 100, 100], filter: [1, 1, 100, 100])
        #expect(TimeLimit.byWork.duration(for: small) < .seconds(61))
        #expect(TimeLimit.byWork.duration(for: large) == .seconds(160))
        #expect(TimeLimit.fixed(.seconds(3)).duration(for: large) == .seconds(3))
    }

    @Test func anEngineThatIsMadeSlowlyIsNotChargedWithIt() throws {
        let first = Atomic(true)
        let engine = try InProcessEngine(name: "engine") {
            // Quick for the one that says who it is.
            if !first.exchange(false, ordering: .relaxed) { Thread.sleep(forTimeInterval: 1.5) }
            return ClosureEngine(capabilities: Capabilities()) { _, input in input }
        }
        let (results, _, _) = run([engine], cases(1)) { $0.timeLimit = .fixed(.milliseconds(500)) }
        #expect(results.map(\.status) == [.pass])
    }

    /// A thread that hangs cannot be ended: only what surely ends is answered on the thread that asks.
    @Test(arguments: [(true, 4, 60, true), (true, 4, 0.5, false), (true, 1 << 20, 60, false), (false, 4, 60, false)])
    func onlySmallProblemsOfBoundedEnginesNeedNoThread(
        isBounded: Bool, filters: Int, limit: Double, isSame: Bool
    ) throws {
        let threads = Mutex<[pthread_t]>([])
        let engine = try InProcessEngine(name: "engine", isBounded: isBounded) {
            ClosureEngine(capabilities: Capabilities()) { problem, _ in
                threads.withLock { $0.append(pthread_self()) }
                return Tensor(repeating: 0, shape: [1, 1, 1, problem.filter[3]])
            }
        }
        let session = try engine.openSession()
        for _ in 0..<2 {
            let problem = Problem(input: [1, 1, 1, 1], filter: [1, 1, 1, filters])
            let request = EngineRequest(
                problem: problem, input: Tensor(repeating: 1, shape: problem.input),
                filter: Tensor(repeating: 1, shape: problem.filter), bias: nil)
            guard case .output = session.answer(to: request, within: .seconds(limit)) else {
                Issue.record("there is no answer")
                return
            }
        }
        #expect(threads.withLock { $0 }.map { pthread_equal($0, pthread_self()) != 0 } == [isSame, isSame])
    }

    @Test func anEngineBeginsWithAnOrdinaryCase() throws {
        let plain = CaseList([
            Fixture.identity([1], data: .integer, name: "trivial"),
            Fixture.identity((0..<600).map(Double.init), data: .special, name: "special"),
            Fixture.identity((0..<600).map(Double.init), data: .integer, name: "ordinary"),
        ])
        let asked = Mutex<[Int]>([])
        let engine = try inProcess { _, input in
            asked.withLock { $0.append(input.elements.count) }
            return input
        }
        let (results, _, _) = run([engine, engine], plain)
        #expect(asked.withLock { $0 } == [600, 1, 600, 600, 1, 600])
        #expect(results.map(\.header.name).prefix(3) == ["trivial", "special", "ordinary"])
        #expect(plain.cases.map(\.isOrdinary) == [false, false, true])
    }

    /// Results are told in order: what an engine that begins anew with each case leaves out waits for some cases, not for all.
    @Test func anEngineThatAlwaysFailsDoesNotHoldBackTheFirstResult() throws {
        let many = CaseList(
            [Fixture.identity([1], data: .integer, name: "trivial")]
                + (0..<300).map { Fixture.identity((0..<600).map(Double.init), data: .integer, name: "ordinary-\($0)") }
        )
        let asked = Mutex<[Int]>([])
        let engine = try inProcess { _, input in
            asked.withLock { $0.append(input.elements.count) }
            throw CocoaError(.fileReadUnknown)
        }
        let (results, _, _) = run([engine], many)
        #expect(results.allSatisfy { $0.status == .error })
        let place = try #require(asked.withLock { $0 }.firstIndex(of: 1))
        #expect((1...40).contains(place), "it came after \(place) others")
    }

    @Test func anInterruptionDoesNotWaitForAHangingEngine() throws {
        let engine = try inProcess { _, input in
            Thread.sleep(forTimeInterval: 10)
            return input
        }
        let runner = Runner(engines: [engine], source: cases(2), cases: cases(2).cases)
        let interruption = Interruption()
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) { interruption.request() }
        let start = ContinuousClock.now
        let summary = runner.run(interruption: interruption) { _ in }
        #expect(start.duration(to: .now) < .seconds(8))
        #expect(summary.counts[.missing] == 2)
        #expect(summary.exitStatus == .interrupted)
    }

    @Test func damageComesBeforeFailures() throws {
        struct Damaged: CaseSource {
            let inner: CaseList
            var digest: String { "" }
            var cases: [CaseHeader] { inner.cases }
            func load(_ header: CaseHeader) throws -> GoldenCase {
                if header.name == "case-1" { throw UnknownCase(id: header.id) }
                return try inner.load(header)
            }
        }
        let wrong = try inProcess { _, input in Tensor(repeating: -1, shape: input.shape) }
        let (results, summary, _) = run([wrong], Damaged(inner: cases(3)))
        #expect(results.map(\.status) == [.fail, .missing, .fail])
        #expect(summary.exitStatus == .goldenDamaged)
    }

    private func isShortage(_ cause: Cause?, _ words: String) -> Bool {
        if case .shortage(let text)? = cause { text.contains(words) } else { false }
    }

    @Test(arguments: [0, 1, 3])
    func aShortageCostsWorkersAndNoCase(room: Int) throws {
        let engine = ScarceEngine(base: try inProcess { _, input in input }, room: room)
        let (results, summary, notes) = run([engine], cases(40)) { $0.jobs = 8 }
        #expect(results.map(\.status) == Array(repeating: room == 0 ? .missing : .pass, count: 40))
        #expect(summary.exitStatus == (room == 0 ? .engineNotStarted : .success))
        #expect(notes.contains { $0.contains("no more room") })
        #expect(room > 0 || results.allSatisfy { isShortage($0.verdict.cause, "no more room") })
    }

    @Test func whatComesFreeLateIsWaitedFor() throws {
        let engine = ScarceEngine(base: try inProcess { _, input in input }, room: 0)
        engine.roomAfterRefusals = 10
        let (results, summary, _) = run([engine], cases(4)) { $0.jobs = 2 }
        #expect(results.map(\.status) == Array(repeating: .pass, count: 4))
        #expect(summary.exitStatus == .success)
    }

    /// As one does whose threads or whose device the others of its kind have taken.
    @Test(arguments: [0, 1])
    func anEngineThatDoesNotStartBesideOthersIsChargedOnlyAlone(room: Int) throws {
        let engine = ScarceEngine(base: try inProcess { _, input in input }, room: room)
        engine.saysShortage = false
        let (results, _, notes) = run([engine], cases(20)) { $0.jobs = 4 }
        #expect(results.map(\.status) == Array(repeating: room == 0 ? .crash : .pass, count: 20))
        #expect(notes.count == 1)
        #expect(notes.first?.contains("no more room") == true)
    }

    @Test func whatWaitsForAProcessorDoesNotUseItsTimeUp() throws {
        // A thread, as the system would describe it: it has waited for as long as the clock has run.
        let folder = try TemporaryFolder()
        let start = ContinuousClock.now
        let waiting = OwnTime {
            let waited = Int64((ContinuousClock.now - start) / .nanoseconds(1))
            try? "0 \(waited) 1\n".write(toFile: folder.file("schedstat"), atomically: true, encoding: .utf8)
            return [folder.path]
        }
        let sleeping = OwnTime { ["/proc/self/no-such-thread"] }
        var waitingHasReached = false
        var sleepingHasReached = false
        while ContinuousClock.now - start < .seconds(2) {
            if waiting.hasReached(.seconds(1)) { waitingHasReached = true }
            if sleeping.hasReached(.seconds(1)) { sleepingHasReached = true }
            usleep(20_000)
        }
        #expect(!waitingHasReached)
        #expect(sleepingHasReached)
    }
}

/// An engine on a host that has room for so many sessions at a time.
private final class ScarceEngine: EngineUnderTest, @unchecked Sendable {
    let base: InProcessEngine
    /// Whether it says that it is the host that has not enough.
    var saysShortage = true
    /// There is room for one more after so many refusals.
    var roomAfterRefusals: Int?
    private let room: Mutex<Int>
    private let refusals = Atomic(0)

    init(base: InProcessEngine, room: Int) {
        self.base = base
        self.room = Mutex(room)
    }

    var name: String { base.name }
    var version: String { base.version }
    var capabilities: Capabilities { base.capabilities }
    var specification: String { base.specification }
    var hasOwnProcess: Bool { false }

    func openSession() throws(EngineStartError) -> any EngineSession {
        let hasRoom = room.withLock { room in
            if room == 0 { return false }
            room -= 1
            return true
        }
        if !hasRoom {
            let count = refusals.add(1, ordering: .relaxed).newValue
            if count == roomAfterRefusals { room.withLock { $0 += 1 } }
            throw EngineStartError(engine: name, reason: "no more room", isShortage: saysShortage)
        }
        // Long enough for other workers to find that there is no room.
        usleep(20_000)
        return Session(base: try base.openSession(), engine: self)
    }

    private final class Session: EngineSession {
        let base: any EngineSession
        let engine: ScarceEngine

        init(base: any EngineSession, engine: ScarceEngine) {
            self.base = base
            self.engine = engine
        }

        deinit {
            engine.room.withLock { $0 += 1 }
        }

        var starts: Int { base.starts }

        func prepare() throws(EngineStartError) {
            try base.prepare()
        }

        func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer {
            usleep(5000)
            return base.answer(to: request, within: limit)
        }
    }
}
