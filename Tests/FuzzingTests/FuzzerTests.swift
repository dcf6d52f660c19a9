import Conformance
import Convolution
import FaultyEngines
import ReferenceEngines
import Testing

@testable import Fuzzing

@Suite struct FuzzerTests {
    private func fuzzer(_ count: Int, seed: UInt64 = 1, jobs: Int = 1) -> Fuzzer {
        var fuzzer = Fuzzer(seed: seed)
        fuzzer.distribution.mostProducts = 5_000
        fuzzer.most = count
        fuzzer.jobs = jobs
        return fuzzer
    }

    /// Every operation and type, on the engine that computes them exactly and on the one that adds in loops.
    @Test(arguments: ["reference", "direct", "im2col"])
    func sparesRightEngines(name: String) throws {
        let engine = try #require(EngineRegistry.builtIn[name]).start()
        let outcome = try fuzzer(400).run(engine)
        #expect(outcome.failures == 0, "\(outcome.found.map(\.header.problem))")
        #expect(outcome.executed > 300)
    }

    @Test(arguments: [
        "depthwise-dilation-ignored", "filter-gradient-dilation-ignored", "input-gradient-pad-beyond-kernel",
    ])
    func findsAMistakeAndShrinksIt(name: String) throws {
        let fault = try #require(Fault.named(name))
        let engine = try InProcessEngine(name: name) { FaultyEngine(fault) }
        let outcome = try fuzzer(600).run(engine)
        #expect(outcome.failures > 0)
        let first = try #require(outcome.found.first)
        #expect(first.header.problem.input.count <= 60, "\(first.header.problem)")
        var trial = Trial(first)
        #expect(trial.verdict(on: FaultyEngine(fault), in: .golden).status == .fail)
        #expect(trial.verdict(on: FaultyEngine(nil), in: .golden).status == .pass)
    }

    @Test func keepsAsManyAsItMay() throws {
        let fault = try #require(Fault.named("depthwise-dilation-ignored"))
        let engine = try InProcessEngine(name: "wrong") { FaultyEngine(fault) }
        var fuzzer = fuzzer(300)
        fuzzer.mostKept = 1
        #expect(try fuzzer.run(engine).found.count == 1)
    }

    @Test func theSameSeedGivesTheSameProblemsWhateverTheJobs() throws {
        let engine = try #require(EngineRegistry.builtIn["direct"]).start()
        let (one, two) = (try fuzzer(100).run(engine), try fuzzer(100, jobs: 2).run(engine))
        #expect(one.counts == two.counts)
        #expect(one.pairs.met == two.pairs.met)
        let cases = try (0..<20).map { try FuzzCase.golden($0, seed: 5, from: ProblemDistribution()).header.problem }
        #expect(
            cases == (try (0..<20).map { try FuzzCase.golden($0, seed: 5, from: ProblemDistribution()).header.problem })
        )
        #expect(Set(cases).count > 15)
    }

    /// An engine that takes every problem for valid is found out, and one that refuses valid ones is, too.
    @Test func meetsInvalidProblems() throws {
        let cases = try (0..<600).map { try FuzzCase.golden($0, seed: 2, from: ProblemDistribution()) }
        let invalid = cases.filter { $0.header.expectation != .output }
        #expect(invalid.count > 5)
        #expect(invalid.allSatisfy { (try? $0.header.problem.geometry()) == nil })
        let reasons = Set(invalid.map { "\($0.header.problem.emptyOutputShape == nil)" })
        #expect(reasons.count == 2, "with and without an answer that has no elements")
    }

    @Test func drawsEveryOperationAndType() throws {
        let problems = try (0..<400).map { try FuzzCase.golden($0, seed: 3, from: ProblemDistribution()).header }
        #expect(Set(problems.map(\.problem.operation)) == Set(Convolution.Operation.allCases))
        #expect(Set(problems.map(\.problem.types.output)) == [.float32, .float64, .float16, .bfloat16, .int32])
        #expect(Set(problems.map(\.data)) == [.integer, .real])
        var only = ProblemDistribution(operations: [.biasGradient], types: [.float16])
        only.mostProducts = 1000
        let few = try (0..<50).map { try FuzzCase.golden($0, seed: 3, from: only).header.problem }
        #expect(few.allSatisfy { $0.operation == .biasGradient && $0.types == ElementTypes(.float16) })
    }

    @Test func pairsOfFeaturesAreCountedOnce() {
        var pairs = FeaturePairs()
        let problem = Problem(input: [1, 3, 3, 1], filter: [2, 2, 1, 1])
        pairs.note(problem)
        let once = pairs.count
        pairs.note(problem)
        #expect(pairs.count == once)
        #expect(once == 13 * 12 / 2)
        #expect(FeaturePairs.all > 9 * once)
    }

    @Test func everySmallerProblemIsSmallerInSomething() {
        let problem = Problem(
            input: [2, 9, 8, 6], filter: [3, 2, 3, 4], biasCount: 4, strides: Extent(height: 2, width: 3),
            dilations: Extent(height: 1, width: 2), padding: .explicit(Pads(top: 1, bottom: 0, left: 2, right: 1)),
            groups: 2)
        let smaller = Shrinker.smaller(than: problem)
        #expect(smaller.count == Set(smaller).count)
        #expect(!smaller.contains(problem))
        #expect(smaller.allSatisfy { $0.input[3] == $0.filter[2] * $0.groups && $0.filter[3] % $0.groups == 0 })
        #expect(smaller.allSatisfy { $0.biasCount == nil || $0.biasCount == $0.filter[3] })
        #expect(smaller.contains { $0.groups == 1 } && smaller.contains { $0.strides == Extent(height: 1, width: 3) })
    }
}
