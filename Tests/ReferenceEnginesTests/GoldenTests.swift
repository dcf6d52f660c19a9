import Conformance
import Convolution
import ExactArithmetic
import GoldenStore
import ReferenceEngines
import Testing
import _TestSupport

/// The golden files against the engines.
@Suite struct GoldenTests {
    static let directory = Result {
        try GoldenDirectory(path: Repository.goldens.path)
    }

    static var suites: [String] {
        get throws { try directory.get().suites }
    }

    /// A suite, and those of its cases that are quick also without optimization, 250 to 499 of them where there are more;
    /// selftest runs the others.
    static func open(_ suite: String) throws -> (golden: GoldenDirectory, cases: [CaseHeader]) {
        let golden = try directory.get()
        let cases = golden.cases.filter { header in
            if header.suite != suite { return false }
            guard let geometry = try? header.problem.geometry() else { return true }
            return geometry.productsPerOutput * geometry.outputShape.count < 20_000
        }
        let step = max(1, cases.count / 250)
        return (golden, stride(from: 0, to: cases.count, by: step).map { cases[$0] })
    }

    @Test(arguments: try Self.suites)
    func referenceEqualsEveryGoldenValueBitForBit(suite: String) throws {
        let (golden, cases) = try Self.open(suite)
        for header in cases where header.expectation == .output {
            let golden = try golden.load(header)
            let want = try #require(golden.output)
            let got = try ExactConvolution().answer(to: header.problem, golden.operands)
            #expect(got.expected.shape == want.expected.shape, "\(header.id)")
            #expect(
                zip(got.expected.elements, want.expected.elements).allSatisfy(areSameNumber), "\(header.id)")
            #expect(
                header.problem.types.output.format == nil
                    || zip(got.magnitude.elements, want.magnitude.elements).allSatisfy(areSameNumber), "\(header.id)")
            let verdict = Judge(tolerance: .exact).verdict(
                on: .output(got.rounded(to: header.problem.types[header.problem.operation.answer])), to: golden,
                capabilities: ExactReference().capabilities)
            #expect(verdict.status == .pass, "\(header.id): \(verdict)")
        }
    }

    /// Each case in golden layouts and in one other pair, all of which take their turn.
    @Test(arguments: try Self.suites, BuiltInEngine.allCases)
    func engineIsNeverAccused(suite: String, engine: BuiltInEngine) throws {
        let (golden, cases) = try Self.open(suite)
        let (engine, capabilities) = (engine.engine, engine.engine.capabilities)
        let others = capabilities.layouts.filter { $0 != .golden }
        for (number, header) in cases.enumerated() {
            let golden = try golden.load(header)
            for layouts in [.golden, others[number % others.count]] {
                let verdict = Judge().verdict(
                    on: EngineAnswer(of: engine, to: golden.request(in: layouts)), to: golden,
                    capabilities: capabilities)
                #expect(verdict.status == .pass, "\(header.id) \(layouts): \(verdict)")
            }
        }
    }

    /// Equal, with the sign of zero, or both NaN.
    private func areSameNumber<Number: BinaryFloatingPoint>(_ first: Number, _ second: Number) -> Bool {
        first == second && first.sign == second.sign || first.isNaN && second.isNaN
    }
}
