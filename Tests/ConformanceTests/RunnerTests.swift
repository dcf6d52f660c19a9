import Convolution
import Foundation
import Synchronization
import Testing

@testable import Conformance

@Suite struct RunnerTests {
    private func run(
        _ engines: [any EngineUnderTest], _ source: any CaseSource, configure: (inout Runner) -> Void = { _ in }
    ) -> (results: [CaseResult], summary: RunSummary) {
        var runner = Runner(engines: engines, source: source, cases: source.cases)
        runner.layouts = .preferred
        configure(&runner)
        var results: [CaseResult] = []
        let summary = runner.run { event in
            if case .finished(let result) = event { results.append(result) }
        }
        return (results, summary)
    }

    private func cases(_ count: Int) -> CaseList {
        CaseList((0..<count).map { Fixture.identity([Double($0)], data: .integer, name: "case-\($0)") })
    }

    @Test func resultsComeInTheOrderOfThePlanWhateverFinishesFirst() throws {
        let slowAtFirst = try inProcess { problem, input in
            if input.elements[0] < 3 { Thread.sleep(forTimeInterval: 0.02) }
            return input
        }
        let other = try inProcess("other") { _, input in input }
        let (results, summary) = run([slowAtFirst, other], cases(12)) { $0.jobs = 4 }
        #expect(results.map(\.engine) == Array(repeating: "engine", count: 12) + Array(repeating: "other", count: 12))
        #expect(results.map(\.header.name) == (0..<24).map { "case-\($0 % 12)" })
        #expect(summary.counts[.pass] == 24)
        #expect(summary.exitStatus == .success)
    }

    @Test func everyKindOfAnswerHasItsStatus() throws {
        struct Surprise: Error {}
        let engine = try inProcess { problem, input in
            switch input.elements[0] {
            case 0: return input
            case 1: throw EngineRefusal.unsupported("not this one")
            case 2: throw EngineRefusal.rejected("invalid")
            case 3: throw Surprise()
            default: return Tensor(repeating: -1, shape: [1, 1, 1, 1])
            }
        }
        let (results, summary) = run([engine], cases(5))
        #expect(results.map(\.status) == [.pass, .unsupported, .fail, .error, .fail])
        #expect(summary.counts.executed == 4)
        #expect(summary.exitStatus == .failed)
    }

    @Test func aHangingEngineCostsItsCaseOnly() throws {
        let engine = try inProcess { problem, input in
            if input.elements[0] == 1 { Thread.sleep(forTimeInterval: 5) }
            return input
        }
        let (results, _) = run([engine], cases(3)) { $0.timeLimit = .fixed(.milliseconds(300)) }
        #expect(results.map(\.status) == [.pass, .timeout, .pass])
    }

    @Test func nothingButUnsupportedIsNotSuccess() throws {
        let engine = try inProcess { _, _ in throw EngineRefusal.unsupported("nothing works") }
        #expect(run([engine], cases(2)).summary.exitStatus == .nothingExecuted)
    }

    @Test func declaredLimitsAreNotAskedFor() throws {
        let golden = Fixture.identity([1], name: "dilated")
        var header = golden.header
        header.problem.dilations = Extent(height: 2, width: 1)
        let dilated = GoldenCase(
            header: header, input: golden.input, filter: golden.filter, output: golden.output)
        let asked = Atomic(0)
        let engine = try inProcess(capabilities: Capabilities(dilations: false)) { _, input in
            asked.add(1, ordering: .relaxed)
            return input
        }
        let (results, _) = run([engine], CaseList([dilated]))
        #expect(results.map(\.status) == [.unsupported])
        #expect(asked.load(ordering: .relaxed) == 0)
    }

    @Test func maxFailStopsAndAccountsForTheRest() throws {
        let engine = try inProcess { _, input in Tensor(repeating: -1, shape: input.shape) }
        let (results, summary) = run([engine], cases(10)) { ($0.maxFailures, $0.jobs) = (3, 2) }
        #expect(results.count == 10)
        #expect(summary.counts[.fail] == 3)
        #expect(summary.counts[.missing] == 7)
        #expect(results.last?.verdict.cause == .failureLimit(3))
    }

    @Test func anInterruptedRunAccountsForTheRest() throws {
        let engine = try inProcess { _, input in input }
        let runner = Runner(engines: [engine], source: cases(4), cases: cases(4).cases)
        let interruption = Interruption()
        interruption.request()
        let summary = runner.run(interruption: interruption) { _ in }
        #expect(summary.counts[.missing] == summary.counts.total)
        #expect(summary.exitStatus == .interrupted)
    }

    @Test func damagedGoldenDataIsCountedAndNamed() throws {
        struct Damaged: CaseSource {
            let inner: CaseList
            var digest: String { "" }
            var cases: [CaseHeader] { inner.cases }
            func load(_ header: CaseHeader) throws -> GoldenCase {
                if header.name == "case-1" { throw UnknownCase(id: header.id) }
                return try inner.load(header)
            }
        }
        let engine = try inProcess { _, input in input }
        let (results, summary) = run([engine], Damaged(inner: cases(3)))
        #expect(results.map(\.status) == [.pass, .missing, .pass])
        #expect(summary.damage == ["there is no case 'fixture/case-1'"])
        #expect(summary.exitStatus == .goldenDamaged)
    }

    @Test func aCaseBeyondTheMemoryLimitIsSkippedAndSaidToBe() throws {
        let engine = try inProcess { _, input in input }
        let (results, summary) = run([engine], cases(1)) { $0.memoryLimit = 23 }
        #expect(results.map(\.status) == [.unsupported])
        #expect(results[0].verdict.cause == .overMemory(needed: 24, limit: 23))
        #expect(summary.exitStatus == .nothingExecuted)
        #expect(run([engine], cases(1)) { $0.memoryLimit = 24 }.summary.exitStatus == .success)
    }

    @Test func everyDeclaredLayoutIsRunWhenAskedFor() throws {
        let capabilities = Capabilities(inputLayouts: [.nchw, .nhwc], filterLayouts: [.oihw, .hwoi])
        let engine = try inProcess(capabilities: capabilities) { _, input in input }
        let (results, _) = run([engine], cases(1)) { $0.layouts = .all }
        #expect(results.map(\.layouts.description) == ["NCHW/OIHW", "NCHW/HWOI", "NHWC/OIHW", "NHWC/HWOI"])
        #expect(results.map(\.isPreferredLayout) == [true, false, false, false])
    }

    @Test(arguments: [nil, 7] as [UInt64?]) func aCaseIsLoadedOnceForAllItsLayouts(orderSeed: UInt64?) throws {
        final class Counting: CaseSource {
            let inner: CaseList
            let loads = Mutex<[String: Int]>([:])
            var digest: String { "" }
            var cases: [CaseHeader] { inner.cases }
            init(_ inner: CaseList) { self.inner = inner }
            func load(_ header: CaseHeader) throws -> GoldenCase {
                loads.withLock { $0[header.id, default: 0] += 1 }
                return try inner.load(header)
            }
        }
        let capabilities = Capabilities(inputLayouts: [.nchw, .nhwc], filterLayouts: [.oihw, .hwoi])
        // In another order no more cases are kept than there are workers, here as many as an engine has.
        let names = orderSeed == nil ? ["one", "two"] : ["one"]
        let engines = try names.map { try inProcess($0, capabilities: capabilities) { _, input in input } }
        let source = Counting(cases(orderSeed == nil ? 40 : 3))
        let (results, _) = run(engines, source) { runner in
            (runner.layouts, runner.jobs, runner.orderSeed) = (.all, 3, orderSeed)
        }
        #expect(results.count == names.count * 4 * source.cases.count)
        #expect(results.allSatisfy { $0.status == .pass })
        let loads = source.loads.withLock { $0 }
        #expect(loads.count == source.cases.count)
        #expect(loads.values.allSatisfy { $0 == names.count })
    }

    @Test func theLayoutSampleIsAFixedPart() {
        let sampled = (0..<1600).count { Fixture.identity([0], name: "case-\($0)").header.isInLayoutSample }
        #expect((50...150).contains(sampled))
    }
}
