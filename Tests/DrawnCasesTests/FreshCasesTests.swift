import Conformance
import Convolution
import DrawnCases
import GoldenStore
import ReferenceEngines
import Testing
import _TestSupport

/// An engine that looks answers up in the golden files by the operands that it is given, and knows nothing else.
private struct LookupEngine: Engine {
    let answers: [Operands: AnyTensor]

    var capabilities: Capabilities {
        Capabilities(
            negativePads: true, operations: Operation.allCases, types: ElementType.allCases, quantization: true)
    }

    func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let shape = try problem.geometry().outputShape
        let operands = Operands(input: input, filter: filter, bias: bias)
        return answers[operands]?.of(Float.self) ?? Tensor(repeating: 0, shape: shape)
    }
}

@Suite struct FreshCasesTests {
    private let store: GoldenDirectory

    init() throws { store = try GoldenDirectory(path: Repository.goldens.path) }

    private func verdicts(
        of engine: any Engine, _ source: any CaseSource, _ headers: [CaseHeader]
    ) throws -> [(id: String, verdict: Verdict)] {
        try headers.map { header in
            var trial = Trial(try source.load(header))
            return (header.id, trial.verdict(on: engine, in: engine.capabilities.layouts[0]))
        }
    }

    /// Cases of every suite that are quick without optimization.
    private func few(_ cases: [CaseHeader], every step: Int) -> [CaseHeader] {
        cases.enumerated().filter { $0.offset % step == 0 }.map(\.element).filter { header in
            guard let geometry = try? header.problem.geometry() else { return true }
            return geometry.productsPerOutput * geometry.outputShape.count < 20_000
                && header.problem.input.count < 20_000
        }
    }

    @Test(arguments: [1, 0xFFFF_FFFF_FFFF_FFFF] as [UInt64])
    func sparesARightEngine(seed: UInt64) throws {
        let source = FreshCases(store, seed: seed)
        let engine = try #require(EngineRegistry.builtIn["direct"]).makeEngine()
        let found = try verdicts(of: engine, source, few(source.cases, every: 23))
        let wrong = found.filter { $0.verdict.status.isFailure }
        #expect(wrong.isEmpty, "\(wrong.map(\.id))")
        #expect(found.count { $0.verdict.status == .pass } > 150)
    }

    @Test func whoLooksAnswersUpPassesStoredDataAlone() throws {
        let headers = few(store.cases.filter { $0.suite == "grid" }, every: 40)
        var answers: [Operands: AnyTensor] = [:]
        for golden in try headers.map(store.load) {
            guard let expected = golden.output?.expected else { continue }
            answers[golden.operands] = AnyTensor(nearest: expected.elements, type: .float32, shape: expected.shape)
        }
        let engine = LookupEngine(answers: answers)
        #expect(try verdicts(of: engine, store, headers).allSatisfy { $0.verdict.status == .pass })
        let fresh = FreshCases(store, seed: 5)
        #expect(try verdicts(of: engine, fresh, fresh.renewed(headers)).allSatisfy { $0.verdict.status == .fail })
    }

    @Test func dataFollowsFromTheSeedAndTheCaseAlone() throws {
        let (one, again, other) = (FreshCases(store, seed: 7), FreshCases(store, seed: 7), FreshCases(store, seed: 8))
        for header in few(one.cases, every: 301) where header.problem.input.count > 8 {
            let golden = try one.load(header)
            #expect(try golden.operands.isSame(as: again.load(header).operands), "\(header.id)")
            #expect(golden.header == header)
            let stored = try #require(store.cases.first { $0.id == header.id })
            let isDrawn = FreshCases.isDrawn(stored)
            #expect(try golden.operands.isSame(as: other.load(header).operands) != isDrawn, "\(header.id)")
            #expect(try golden.operands.isSame(as: store.load(stored).operands) != isDrawn, "\(header.id)")
            #expect((header.seed != stored.seed) == isDrawn)
        }
        let extent = one.extent(of: store.cases)
        #expect(extent.drawn + extent.stored == store.cases.count)
        #expect(extent.stored < 800)
    }

    /// What the store says of a case without elements, of one that is invalid and of ties is what fresh cases say.
    @Test func whatIsNotDrawnStays() throws {
        let source = FreshCases(store, seed: 1)
        for suite in ["special", "invalid"] {
            for header in source.cases.filter({ $0.suite == suite }).prefix(3) {
                #expect(store.cases.contains(header))
                #expect(!FreshCases.isDrawn(header))
            }
        }
        let ties = source.cases.filter { $0.tags.contains("ties") }
        #expect(ties.count == 10)
        #expect(ties.allSatisfy { store.cases.contains($0) })
    }
}

extension Operands {
    /// Whether all bits are the same, those of NaN too.
    fileprivate func isSame(as other: Operands) -> Bool {
        quantization == other.quantization && Role.allCases.allSatisfy { self[$0]?.bytes == other[$0]?.bytes }
    }
}
