import Convolution
import Synchronization
import Testing

@testable import Conformance

/// Exact answers that are computed only where their digest does not say that an engine's is the same.
@Suite struct DeferredAnswerTests {
    private struct Damage: Error, CustomStringConvertible {
        let description = "case fixture/deferred: its digest is another one's"
    }

    /// The identity of some numbers, deferred, and how often its answer was computed.
    private final class Fixed: Sendable {
        let stored = Fixture.identity([1, 2, -3], data: .integer, name: "deferred")
        let isDamaged: Bool
        private let count = Mutex(0)
        var computed: Int { count.withLock { $0 } }

        init(isDamaged: Bool = false) { self.isDamaged = isDamaged }

        var golden: GoldenCase {
            GoldenCase(
                header: stored.header, operands: stored.operands,
                deferred: DeferredAnswer(
                    hasDigest: { [self] in !isDamaged && $0.doubles == stored.output?.expected },
                    compute: { [self] in
                        count.withLock { $0 += 1 }
                        if isDamaged { throw Damage() }
                        return stored.output!
                    }))
        }

        func verdict(_ numbers: [Float], shape: Shape = [1, 1, 3, 1], isBrief: Bool = false) -> Verdict {
            var judge = Judge()
            judge.isBrief = isBrief
            return judge.verdict(
                on: .output(.float32(Tensor(shape: shape, elements: numbers))), to: golden, capabilities: .everything)
        }
    }

    @Test func anAnswerWithTheDigestPassesAndNothingIsComputed() {
        let fixed = Fixed()
        let verdict = fixed.verdict([1, 2, -3])
        let stored = Judge().verdict(
            on: .output(.float32(Tensor(shape: [1, 1, 3, 1], elements: [1, 2, -3]))), to: fixed.stored,
            capabilities: .everything)
        #expect(verdict == stored && verdict.status == .pass)
        #expect(fixed.computed == 0)
    }

    @Test(arguments: [[1, 2, -4], [1, 2, .nan], [0, 0, 0]] as [[Float]], [false, true])
    func anotherAnswerIsJudgedAsEver(numbers: [Float], isBrief: Bool) {
        let fixed = Fixed()
        var judge = Judge()
        judge.isBrief = isBrief
        let stored = judge.verdict(
            on: .output(.float32(Tensor(shape: [1, 1, 3, 1], elements: numbers))), to: fixed.stored,
            capabilities: .everything)
        let verdict = fixed.verdict(numbers, isBrief: isBrief)
        #expect(verdict.status == .fail && fixed.computed == 1)
        #expect("\(verdict)" == "\(stored)")
    }

    @Test func anAnswerOfAnotherShapeIsToldWithoutTheExactOne() {
        let fixed = Fixed()
        #expect(
            fixed.verdict([1, 2, -3], shape: [1, 3, 1, 1]).cause
                == .wrongShape(
                    got: [1, 3, 1, 1], want: [1, 1, 3, 1], role: .output))
        #expect(fixed.computed == 0)
    }

    @Test func itIsComputedOnceForAll() {
        let fixed = Fixed()
        let golden = fixed.golden
        for _ in 0..<3 { #expect(golden.output?.expected == fixed.stored.output?.expected) }
        #expect(fixed.computed == 1)
    }

    /// An answer that does not have the digest may be right, and the digest wrong: no engine is accused for that.
    @Test func damageIsTheGoldensAndEndsTheRunAsSuch() throws {
        let fixed = Fixed(isDamaged: true)
        #expect(fixed.golden.output == nil)
        let verdict = fixed.verdict([1, 2, -3])
        #expect(verdict.status == .missing && verdict.cause == .damagedGolden(Damage().description))
        let engine = try inProcess { _, input in input }
        let source = CaseList([fixed.golden])
        var runner = Runner(engines: [engine], source: source, cases: source.cases)
        runner.layouts = .preferred
        let summary = runner.run { _ in }
        #expect(summary.damage == [Damage().description])
        #expect(summary.exitStatus == .goldenDamaged)
    }
}
