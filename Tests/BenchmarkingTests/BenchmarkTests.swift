import Conformance
import Convolution
import ExactArithmetic
import ReferenceEngines
import Synchronization
import Testing
import _TestSupport

@testable import Benchmarking

/// Kernels that are timed, and what they do to look fast.
private final class Kernel: Engine, Sendable {
    enum Trick {
        case honest
        /// Right so many times, then anything.
        case rightAtFirst(Int)
        /// The first answer for all.
        case cachesItsFirst
        /// The first answer to every shape.
        case writesNothing
        /// Knows the answers without computing them.
        case knows(@Sendable (Tensor<Float>) -> Tensor<Float>?)
    }

    private let trick: Trick
    private let state = Mutex((calls: 0, first: Tensor<Float>?.none))

    init(_ trick: Trick) { self.trick = trick }

    func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        func answer() throws -> Tensor<Float> {
            try #require(EngineRegistry.builtIn["im2col"]).makeEngine().convolve(
                problem, input: input, filter: filter, bias: bias)
        }
        let (call, first) = state.withLock { state in
            state.calls += 1
            return (state.calls, state.first)
        }
        let nothing = Tensor<Float>(repeating: 0, shape: try problem.geometry().outputShape)
        switch trick {
        case .honest: return try answer()
        case .rightAtFirst(let count): return call <= count ? try answer() : nothing
        case .cachesItsFirst:
            if let first { return first }
            let made = try answer()
            state.withLock { $0.first = made }
            return made
        case .writesNothing: return nothing
        case .knows(let known): return known(input) ?? nothing
        }
    }
}

@Suite struct BenchmarkTests {
    private let header = CaseHeader(
        suite: "tests", name: "layer", problem: Problem(input: [1, 12, 12, 8], filter: [3, 3, 8, 8]), data: .real,
        seed: 1)

    private func golden(_ header: CaseHeader, _ seed: UInt64) throws -> GoldenCase {
        var random = RandomNumbers(seed: seed)
        let operands = try header.problem.operands { Double(random.real()) }
        return try GoldenCase(exact: header.problem, operands, header.data)
    }

    private func outcome(
        _ tricks: [Kernel.Trick], peak: Double = 1e6, rounds: Int = 5
    ) throws -> Benchmark.Outcome {
        let engines = try tricks.enumerated().map { place, trick in
            let kernel = Kernel(trick)
            return try InProcessEngine(name: "engine \(place)") { kernel }
        }
        var benchmark = Benchmark(engines: engines, peak: MachinePeak(gigaflops: peak), seed: 7)
        benchmark.rounds = rounds
        return try benchmark.outcome(of: header, data: golden)
    }

    @Test func anHonestKernelIsTimed() throws {
        let outcome = try outcome([.honest, .honest])
        for measurement in outcome.measurements {
            #expect(measurement.verdict == .timed)
            #expect(measurement.warm.count == 5)
            #expect(try #require(measurement.cold) > 0)
            #expect(try #require(measurement.gigaflops) > 0)
        }
        #expect(outcome.products == 10 * 10 * 8 * 8 * 9)
        let ratios = try #require(outcome.ratios(of: "engine 0"))
        #expect(ratios.count == 5 && ratios.allSatisfy { $0 > 0 })
        #expect(outcome.ratios(of: "engine 1") == nil)
    }

    @Test func whoeverIsWrongOnceHasNoTime() throws {
        let outcome = try outcome([.rightAtFirst(3), .cachesItsFirst, .writesNothing, .honest])
        let rounds = outcome.measurements.map { measurement -> Int in
            guard case .failed(let round, .fail, .mismatch?) = measurement.verdict else { return 0 }
            return round
        }
        #expect(rounds == [4, 2, 1, 0])
        #expect(outcome.measurements[3].verdict == .timed)
        #expect(outcome.measurements.prefix(3).allSatisfy { $0.gigaflops == nil })
        #expect(outcome.ratios(of: "engine 0") == nil)
    }

    /// An engine that has the answers without computing them is right, and too soon.
    @Test func aFigureAboveThePeakIsRefused() throws {
        var answers: [Tensor<Float>: Tensor<Float>] = [:]
        for seed in 7...12 as ClosedRange<UInt64> {
            let golden = try golden(header, seed)
            let expected = try #require(golden.output).expected
            answers[golden.input] = Tensor(shape: expected.shape, elements: expected.elements.map { Float($0) })
        }
        let known = answers
        let outcome = try outcome([.knows { known[$0] }], peak: 1e-5)
        guard case .impossible(let figure, let limit) = outcome.measurements[0].verdict else {
            Issue.record("\(outcome.measurements[0].verdict)")
            return
        }
        #expect(limit == 1e-5 && figure > limit)
        #expect(try self.outcome([.knows { known[$0] }]).measurements[0].verdict == .timed)
    }

    @Test func whatAnEngineDoesNotDeclareIsNoFailure() throws {
        var benchmark = Benchmark(
            engines: [try #require(EngineRegistry.builtIn["winograd-2x2-3x3"]).start()],
            peak: MachinePeak(gigaflops: 1e6), seed: 1)
        benchmark.rounds = 1
        var strided = header
        strided.problem.strides = Extent(height: 2, width: 2)
        guard case .unsupported = try benchmark.outcome(of: strided, data: golden).measurements[0].verdict else {
            Issue.record("not unsupported")
            return
        }
    }

    @Test func theMachineIsMeasured() {
        let peak = MachinePeak.measured()
        #expect(peak.gigaflops > 0.01 && peak.gigaflops < 1e6)
        #expect(peak.cores >= 1)
    }

    /// What a transform may save: 2.25 for F(2x2, 3x3), 4 for F(4x4, 3x3), at most all taps but one.
    @Test func whatATransformMaySave() {
        let problem = header.problem
        let peak = MachinePeak(gigaflops: 100, source: .matrixProduct)
        #expect(peak.limit(for: problem, saving: .none) == 150)
        #expect(peak.limit(for: problem, saving: .winograd(tile: Extent(height: 2, width: 2))) == 337.5)
        #expect(peak.limit(for: problem, saving: .winograd(tile: Extent(height: 4, width: 4))) == 600)
        #expect(peak.limit(for: problem, saving: .transform) == 1350)
        var half = problem
        half.types = ElementTypes(.float16)
        #expect(peak.limit(for: half, saving: .none) == 4800)
        #expect(MachinePeak(gigaflops: 100).limit(for: half, saving: .none) == 100)
    }

    @Test func quartiles() {
        let middle = Quartiles([5, 1, 2, 4, 3])
        #expect((middle.lower, middle.median, middle.upper) == (2, 3, 4))
        #expect(Quartiles([1, 2]).median == 1.5)
        #expect(Quartiles([7]).upper == 7)
    }

    @Test func productsWithPaddingDoNotCount() {
        let problem = Problem(
            input: [2, 1, 1, 3], filter: [3, 3, 3, 4],
            padding: .explicit(Pads(top: 1, bottom: 1, left: 1, right: 1)))
        #expect(problem.productsInside == 2 * 3 * 4)
    }
}
