import Convolution
import Synchronization
import Testing

@testable import Conformance

/// Answers that depend on what was asked before, or on chance; and those that only look so.
@Suite struct HistoryTests {
    private static let count = 400

    private static let cases = CaseList(
        (0..<count).map { Fixture.identity([Double($0 + 1), -3, 0.5], magnitude: 500, name: "case-\($0)") })

    private func run(
        _ engine: any EngineUnderTest, configure: (inout Runner) -> Void = { _ in }
    ) -> [CaseResult] {
        var runner = Runner(engines: [engine], source: Self.cases, cases: Self.cases.cases)
        configure(&runner)
        var results: [CaseResult] = []
        runner.run { if case .finished(let result) = $0 { results.append(result) } }
        return results
    }

    private static func words(_ result: CaseResult) -> String? {
        if case .answersDiffer(let words)? = result.verdict.cause { words } else { nil }
    }

    private static var sampled: Int { cases.cases.count(where: \.isAskedAgain) }

    /// An engine that sees how often it has been asked, and what it answered before.
    private func engine(
        _ answer: @escaping @Sendable (Int, Tensor<Float>, inout [Tensor<Float>]) -> Tensor<Float>
    ) throws -> any EngineUnderTest {
        let state = Memory()
        return try inProcess { _, input in
            state.contents.withLock { contents in
                contents.asked += 1
                return answer(contents.asked, input, &contents.answers)
            }
        }
    }

    private final class Memory: Sendable {
        let contents = Mutex((asked: 0, answers: [Tensor<Float>]()))
    }

    @Test func theSampleIsASmallPartOfTheCases() {
        #expect(Self.sampled > 1 && Self.sampled < Self.count / 20)
    }

    @Test func aRightEngineIsAskedAFewTimesMore() throws {
        let asked = Mutex(0)
        let results = run(
            try inProcess { _, input in
                asked.withLock { $0 += 1 }
                return input
            })
        #expect(results.allSatisfy { $0.status == .pass })
        #expect(asked.withLock { $0 } == Self.count + 3 * Self.sampled)
    }

    @Test func anEngineThatKeepsItsAnswerByShapeIsTold() throws {
        let results = run(
            try engine { _, input, answers in
                if answers.isEmpty { answers = [input] }
                return answers[0]
            })
        #expect(results.count { $0.status == .pass } == 1)
    }

    /// Right the first time that a case is asked, whatever it is.
    @Test func anEngineThatIsRightOnceIsToldByTheSample() throws {
        let results = run(
            try engine { _, input, answers in
                let isKnown = answers.contains { $0.elements.map(abs) == input.elements.map(abs) }
                answers.append(input)
                return isKnown ? input.map { $0 + 1 } : input
            })
        let told = results.compactMap(Self.words)
        #expect(told.count == Self.sampled)
        #expect(told.allSatisfy { $0.contains("asked a second time, is answered wrongly") }, "\(told)")
        #expect(results.count { $0.status == .fail } == Self.sampled)
    }

    @Test func anEngineThatKeepsItsAnswerByFirstValueOrSizeIsToldByTheNeighbour() throws {
        let results = run(
            try engine { _, input, answers in
                if let known = answers.first(where: { abs($0.elements[0]) == abs(input.elements[0]) }) { return known }
                answers.append(input)
                return input
            })
        let told = results.compactMap(Self.words)
        #expect(told.count == Self.sampled)
        #expect(told.allSatisfy { $0.contains("with all signs changed, is answered wrongly") }, "\(told)")
    }

    @Test func anEngineThatIsDisturbedByItsNeighbourIsTold() throws {
        let results = run(
            try engine { _, input, answers in
                defer { answers = [input] }
                guard let last = answers.first, last.elements[1] != input.elements[1], input.elements[1] < 0 else {
                    return input
                }
                return last
            })
        #expect(results.compactMap(Self.words).contains { $0.contains("asked again after one of the same shape") })
    }

    @Test func whatIsRightAndWrongByTurnsIsToldWhereItIsAskedOften() throws {
        let results = run(try engine { asked, input, _ in asked % 3 == 0 ? input.map { $0 + 1 } : input }) {
            $0.repeats = 3
        }
        #expect(results.allSatisfy { $0.status == .fail })
        #expect(results.compactMap(Self.words).count == Self.count)
        let right = run(try engine { _, input, _ in input }) { $0.repeats = 3 }
        #expect(right.allSatisfy { $0.status == .pass })
    }

    /// Sums in another order each time: within the allowance both times.
    @Test func anEngineWhoseRoundingVariesIsSpared() throws {
        let results = run(
            try engine { asked, input, _ in
                input.map { asked % 2 == 0 ? $0.nextUp : $0.nextDown }
            }
        ) { $0.repeats = 2 }
        #expect(results.allSatisfy { $0.status == .pass }, "\(results.first { $0.status != .pass }?.verdict as Any)")
    }

    @Test func aRefusalOfWhatWasAnsweredIsNoDifference() throws {
        let refuses = Mutex(0)
        let results = run(
            try inProcess { _, input in
                let asked = refuses.withLock {
                    $0 += 1
                    return $0
                }
                if asked % 2 == 0 { throw EngineRefusal.refused("no memory") }
                return input
            }
        ) { $0.repeats = 2 }
        #expect(results.allSatisfy { $0.status == .pass })
    }

    @Test func theOrderFollowsFromItsSeedAndResultsKeepTheirs() throws {
        func order(_ seed: UInt64?) throws -> [Float] {
            let met = Mutex([Float]())
            let engine = try inProcess { _, input in
                met.withLock { $0.append(input.elements[0]) }
                return input
            }
            let results = run(engine) { $0.orderSeed = seed }
            #expect(results.map(\.header.name) == Self.cases.cases.map(\.name))
            var seen = Set<Float>()
            return met.withLock { $0.filter { $0 > 0 && seen.insert($0).inserted } }
        }
        let plain = try order(nil)
        #expect(plain == plain.sorted())
        let first = try order(1)
        #expect(first != plain && first.sorted() == plain)
        #expect(try order(1) == first)
        #expect(try order(2) != first)
    }
}
