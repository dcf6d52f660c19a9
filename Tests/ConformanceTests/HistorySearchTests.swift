import Convolution
import Synchronization
import Testing

@testable import Conformance

/// What is said of failures that were asked again: by engines with a mistake that needs nothing, a case before, the first
/// call, a certain call, or luck.
struct HistorySearchTests {
    private static let cases = CaseList(
        (0..<40).map { number in
            Fixture.identity(
                [Double(number), 2, -3], magnitude: 500, data: .integer,
                name: "case-\(number < 10 ? "0" : "")\(number)")
        })

    /// What one instance of an engine knows: every input that it was asked.
    private typealias Answer = @Sendable (_ asked: [Tensor<Float>], _ input: Tensor<Float>) -> EngineAnswer?

    private func findings(
        limit: Duration = .seconds(100), hasOwnProcess: Bool = true, jobs: Int = 1, _ answer: @escaping Answer
    ) -> (findings: [Finding], opened: Int) {
        let engine = ForgetfulEngine(hasOwnProcess: hasOwnProcess, answer: answer)
        var runner = Runner(engines: [engine], source: Self.cases, cases: Self.cases.cases)
        runner.diagnosis = Nothing()
        runner.historyLimit = limit
        runner.jobs = jobs
        var findings: [Finding] = []
        runner.run { if case .found(let finding) = $0 { findings.append(finding) } }
        return (findings, engine.opened.load(ordering: .relaxed))
    }

    private static func wrong(_ input: Tensor<Float>) -> EngineAnswer { .output(.float32(input.map { $0 + 1 })) }

    @Test func aRightEngineIsAskedNothingMore() {
        let (found, opened) = findings { _, _ in nil }
        #expect(found.isEmpty)
        #expect(opened == 1)
    }

    @Test func whatNeedsNothingFailsAlone() throws {
        let (found, _) = findings { _, input in input.elements[0] > 20 ? Self.wrong(input) : nil }
        let history = try #require(found.first?.history)
        #expect(found.count == 1 && found[0].smallest == "fixture/case-21" && found[0].cases.count == 19)
        #expect(history.conclusion == .alone)
        #expect(history.sequel?.cases == ["fixture/case-20"] && history.sequel?.tally.failed == 2)
    }

    @Test func theFirstCallOnly() throws {
        let (found, _) = findings { asked, input in asked.isEmpty ? Self.wrong(input) : nil }
        let history = try #require(found.first?.history)
        #expect(history.conclusion == .firstCall, "\(history)")
        #expect(history.alone.failed >= History.enough)
    }

    /// Asked the same again it stays wrong; another case before makes it right.
    @Test func theFirstCaseOnly() throws {
        let (found, _) = findings { asked, input in
            let isFirst = asked.allSatisfy { $0.elements == input.elements }
            // A second mistake, so that the failure has a case before it in the run.
            return isFirst && input.elements[0] == 5
                || asked.count == 5 && input.elements[0] == 5
                    && asked.allSatisfy { $0.elements[0] < 5 }
                ? Self.wrong(input) : nil
        }
        let history = try #require(found.first?.history)
        #expect(history.conclusion == .aloneOnly, "\(history)")
        #expect(history.sequel?.cases == ["fixture/case-04"])
    }

    @Test func theAnswerOfTheCaseBefore() throws {
        let (found, _) = findings { asked, input in
            input.elements[0] == 9 && asked.last?.elements[0] == 8 ? asked.last.map { .output(.float32($0)) } : nil
        }
        let history = try #require(found.first?.history)
        #expect(history.conclusion == .after, "\(history)")
        #expect(history.sequel?.cases == ["fixture/case-08"] && history.echo == .answerBefore)
        #expect(history.sequel?.shared == ["input shape", "filter shape", "output shape"])
        #expect(history.alone.passed == History.enough && history.sequel?.tally.failed == History.enough)
    }

    @Test func anOutputThatIsAddedTo() throws {
        let (found, _) = findings { asked, input in
            guard let last = asked.last, input.elements[0] == 9, last.elements[0] == 8 else { return nil }
            return .output(
                .float32(
                    Tensor(shape: input.shape, elements: zip(input.elements, last.elements).map { $0 + $1 })))
        }
        #expect(found.first?.history?.echo == .sumWithAnswerBefore)
    }

    /// What it keeps is much older than the case before.
    @Test func aCrashAfterACaseLongBefore() throws {
        let (found, _) = findings { asked, input in
            input.elements[0] == 33 && asked.contains { $0.elements[0] == 7 } ? .crash("signal 11") : nil
        }
        let history = try #require(found.first?.history)
        #expect(history.status == .crash)
        #expect(history.conclusion == .after, "\(history)")
        #expect(history.sequel?.cases == ["fixture/case-07"] && history.echo == nil)
    }

    @Test func severalCasesThatAreNeededTogether() throws {
        let (found, _) = findings { asked, input in
            let before = asked.suffix(4).map { $0.elements[0] }
            return input.elements[0] == 33 && before == [29, 30, 31, 32] ? Self.wrong(input) : nil
        }
        let history = try #require(found.first?.history)
        #expect(history.conclusion == .after, "\(history)")
        #expect(history.sequel?.cases == (29...32).map { "fixture/case-\($0)" })
    }

    @Test func everyCallButTheFirst() throws {
        let (found, _) = findings { asked, input in
            asked.last.map { last in
                .output(
                    .float32(Tensor(shape: input.shape, elements: zip(input.elements, last.elements).map { $0 + $1 })))
            }
        }
        let history = try #require(found.first?.history)
        #expect(history.conclusion == .laterCalls && history.echo == .sumWithAnswerBefore, "\(history)")
    }

    @Test func everyThirdCall() throws {
        let (found, _) = findings { asked, input in asked.count % 3 == 2 ? Self.wrong(input) : nil }
        let history = try #require(found.first?.history)
        #expect(history.conclusion == .certainCalls([3, 6, 9]), "\(history)")
    }

    @Test func byChance() throws {
        let numbers = Mutex((state: UInt64(7), count: 0))
        let (found, _) = findings { _, input in
            let isWrong = numbers.withLock { numbers in
                numbers.count += 1
                numbers.state = numbers.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return numbers.state >> 32 % 3 == 0
            }
            return isWrong ? Self.wrong(input) : nil
        }
        let history = try #require(found.first?.history)
        guard case .sometimes(let failed, let all) = history.conclusion else {
            Issue.record("\(history)")
            return
        }
        #expect(failed > 0 && failed < all)
    }

    @Test func whatNeverComesAgainIsNotConclusive() throws {
        let hasFailed = Atomic(false)
        let (found, _) = findings { _, input in
            guard input.elements[0] == 12 else { return nil }
            return hasFailed.exchange(true, ordering: .relaxed) ? nil : Self.wrong(input)
        }
        let history = try #require(found.first?.history)
        #expect(history.conclusion == .notAgain, "\(history)")
        #expect(history.calls.joined().count > 100 && history.sequel?.tally.passed == 2)
    }

    /// Half of it fails by itself: no single cause is told.
    @Test func whatEndsOtherwiseIsNotConclusive() throws {
        let hasFailed = Atomic(false)
        let (found, _) = findings { _, input in
            guard input.elements[0] == 12 else { return nil }
            return hasFailed.exchange(true, ordering: .relaxed) ? .crash("signal 6") : Self.wrong(input)
        }
        let history = try #require(found.first?.history)
        #expect(history.conclusion == .open && history.alone.other == 2, "\(history)")
    }

    @Test func eachKindOfFailureHasAFinding() throws {
        let (found, _) = findings { _, input in
            switch input.elements[0] {
            case 3, 4: Self.wrong(input)
            case 10: .crash("signal 11")
            case 11: .error("no kernel")
            default: nil
            }
        }
        #expect(found.map(\.cases.count) == [2, 1, 1])
        #expect(found.map(\.allFailing) == [4, 4, 4])
        #expect(found.map(\.history?.status) == [.fail, .error, .crash])
        #expect(found.allSatisfy { $0.history?.conclusion == .alone }, "\(found)")
    }

    @Test func anEngineInsideThisProcessIsNotAskedAgain() throws {
        let (found, opened) = findings(hasOwnProcess: false) { _, input in Self.wrong(input) }
        #expect(found.isEmpty && opened == 1)
        var runner = Runner(
            engines: [ForgetfulEngine(hasOwnProcess: false) { _, _ in nil }], source: Self.cases, cases: [])
        runner.historyLimit = .seconds(1)
        let failed = Observation(header: Self.cases.cases[0], layouts: .golden, status: .fail)
        let finding = Finding(
            engine: "forgetful", candidates: [], cases: [failed.header.id], allFailing: 1, smallest: failed.header.id)
        let told = runner.withHistories([finding], of: "forgetful", [failed])
        #expect(told.first?.history?.limit == .inProcess && told.first?.history?.conclusion == .notTried)
    }

    @Test func withoutTimeNothingIsSaid() throws {
        let (found, opened) = findings(limit: .zero) { _, input in Self.wrong(input) }
        #expect(found.first?.history?.limit == .time && found.first?.history?.conclusion == .notTried)
        #expect(opened == 1)
    }

    /// By default a case has a minute, and the search has less.
    @Test func aTimeoutThatWouldTakeTooLongIsNotAskedAgain() throws {
        let (found, _) = findings(limit: .seconds(5)) { _, input in
            input.elements[0] == 12 ? .timeout("no answer") : nil
        }
        #expect(found.first?.history?.status == .timeout && found.first?.history?.limit == .time)
    }

    /// Whoever was asked a case before is told apart, also where several are asked at a time.
    @Test func turnsNumberTheCasesOfEachInstance() throws {
        let engine = ForgetfulEngine(hasOwnProcess: true) { _, input in
            input.elements[0] == 12 ? .crash("signal 11") : nil
        }
        var runner = Runner(engines: [engine], source: Self.cases, cases: Self.cases.cases)
        runner.jobs = 3
        var turns: [Turn] = []
        runner.run { if case .finished(let result) = $0 { turns += [result.turn].compactMap(\.self) } }
        #expect(turns.count == Self.cases.cases.count)
        for (instance, own) in Dictionary(grouping: turns, by: \.instance) {
            #expect(own.map(\.place).sorted() == Array(1...own.count), "instance \(instance)")
        }
        #expect(Set(turns.map(\.instance)).count >= 2)
    }
}

/// Finds nothing.
private struct Nothing: FailureDiagnosis {
    var names: [String] { [] }

    func findings(engine: String, observations: [Observation], source: any CaseSource) -> [Finding] { [] }

    func isGiven(by name: String, _ observation: Observation, source: any CaseSource) -> Bool { false }
}

/// An engine whose sessions know what they were asked, and nothing of one another.
private final class ForgetfulEngine: EngineUnderTest {
    let (name, version, specification) = ("forgetful", "", "forgetful")
    let capabilities = Capabilities()
    let hasOwnProcess: Bool
    let opened = Atomic(0)
    private let answer: @Sendable ([Tensor<Float>], Tensor<Float>) -> EngineAnswer?

    /// - Parameter answer: `nil` for the right one.
    init(hasOwnProcess: Bool, answer: @escaping @Sendable ([Tensor<Float>], Tensor<Float>) -> EngineAnswer?) {
        self.hasOwnProcess = hasOwnProcess
        self.answer = answer
    }

    func openSession() throws(EngineStartError) -> any EngineSession {
        opened.add(1, ordering: .relaxed)
        return Session(answer)
    }

    private final class Session: EngineSession {
        private(set) var starts = 1
        private var isRunning = true
        private var asked: [Tensor<Float>] = []
        private let respond: @Sendable ([Tensor<Float>], Tensor<Float>) -> EngineAnswer?

        init(_ respond: @escaping @Sendable ([Tensor<Float>], Tensor<Float>) -> EngineAnswer?) {
            self.respond = respond
        }

        func prepare() throws(EngineStartError) {
            if isRunning { return }
            (isRunning, asked) = (true, [])
            starts += 1
        }

        func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer {
            try? prepare()
            guard let input = request.operands.input?.of(Float.self) else { return .error("no float32") }
            defer { asked.append(input) }
            guard let answer = respond(asked, input) else { return .output(.float32(input)) }
            switch answer {
            case .crash, .timeout: isRunning = false
            default: break
            }
            return answer
        }
    }
}
