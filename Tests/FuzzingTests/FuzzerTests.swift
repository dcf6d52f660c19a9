import Conformance
import Convolution
import DrawnCases
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
        "quantized-scales-by-group", "quantized-floors", "int8-padding-is-zero",
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
        #expect(Set(problems.map(\.problem.types.output)) == Set(ProblemDistribution.allTypes))
        #expect(Set(problems.map(\.data)) == [.integer, .real])
        var only = ProblemDistribution(operations: [.biasGradient], types: [.float16])
        only.mostProducts = 1000
        let few = try (0..<50).map { try FuzzCase.golden($0, seed: 3, from: only).header.problem }
        #expect(few.allSatisfy { $0.operation == .biasGradient && $0.types == ElementTypes(.float16) })
    }

    /// Zero points and scales of every kind, and no value near a tie: else a right engine might be accused.
    @Test func drawsQuantizedProblems() throws {
        let only = ProblemDistribution(types: [.int8, .uint8])
        let cases = try (0..<300).map { try FuzzCase.golden($0, seed: 4, from: only) }
        #expect(cases.allSatisfy { $0.header.problem.types.kind == .quantized && $0.header.data == .integer })
        #expect(cases.allSatisfy { $0.operands.quantization?.objection(to: $0.header.problem) == nil })
        let valid = cases.filter { $0.output != nil }
        #expect(valid.count > 250)
        let numbers = valid.compactMap(\.operands.quantization)
        #expect(numbers.contains { $0.filter.scales.count > 1 } && numbers.contains { $0.filter.zeroPoints.count > 1 })
        #expect(numbers.contains { $0.input.zeroPoints != [0] } && numbers.contains { $0.input.zeroPoints == [0] })
        #expect(valid.contains { $0.operands.bias != nil })
        var saturated = 0
        for golden in valid {
            let quantization = try #require(golden.operands.quantization)
            #expect(!QuantizedDraw(quantization, golden.header.problem).isNearTie(golden.operands))
            let range = try #require(golden.header.problem.types.output.range)
            let answers = try #require(golden.output?.expected.elements)
            let inner = answers.count { $0 > Double(range.lowerBound) && $0 < Double(range.upperBound) }
            if 2 * inner < answers.count { saturated += 1 }
        }
        // An answer that is at the ends of its type says little.
        #expect(20 * saturated < valid.count, "\(saturated) of \(valid.count)")
    }

    @Test func pairsOfFeaturesAreCountedOnce() {
        var pairs = FeaturePairs()
        let problem = Problem(input: [1, 3, 3, 1], filter: [2, 2, 1, 1])
        pairs.note(problem)
        let once = pairs.list.count
        pairs.note(problem)
        #expect(pairs.list.count == once)
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
