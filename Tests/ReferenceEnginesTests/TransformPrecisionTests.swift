import Conformance
import Convolution
import ReferenceEngines
import Testing
import _TestSupport

/// How near the limits of transform engines are: right ones stay below half of them, those that lose bits do not.
@Suite struct TransformPrecision {
    /// Golden cases of real numbers, small enough for textbook loops.
    private static func cases(_ algorithm: CutTransform.Algorithm) throws -> [GoldenCase] {
        let (golden, cases) = try GoldenTests.open("numerics")
        return try cases.filter { header in
            let problem = header.problem
            guard header.data == .real, let geometry = try? problem.geometry(), problem.input[1] <= 16,
                geometry.productsPerOutput * geometry.outputShape.count < 30_000, !geometry.outputShape.list.contains(0)
            else { return false }
            return algorithm == .fft
                || problem.filter[0] == 3 && problem.filter[1] == 3 && problem.strides == .one
                    && problem.dilations == .one
        }.prefix(4).map { try golden.load($0) }
    }

    private func ratio(_ algorithm: CutTransform.Algorithm, bits: Int, _ golden: GoldenCase) throws -> Double {
        let engine = CutTransform(algorithm: algorithm, bits: bits)
        let verdict = Judge().verdict(
            on: EngineAnswer(of: engine, to: golden.request()), to: golden, capabilities: engine.capabilities)
        return try #require(verdict.comparison, "\(verdict)").ratio
    }

    @Test(arguments: CutTransform.Algorithm.allCases)
    func lostBitsAreCaughtByGoldenCases(algorithm: CutTransform.Algorithm) throws {
        let cases = try Self.cases(algorithm)
        #expect(!cases.isEmpty)
        for golden in cases {
            let id = golden.header.id
            #expect(try ratio(algorithm, bits: 53, golden) < 0.5, "\(id)")
            #expect(try ratio(algorithm, bits: 24, golden) < 0.5, "\(id)")
        }
        for bits in [16, 17, 18] {
            let ratios = try cases.map { try ratio(algorithm, bits: bits, $0) }
            #expect(ratios.contains { $0 > 1.5 }, "\(bits) bits: \(ratios)")
        }
    }

    /// Numbers on which rounding errors pile up: nearly alike, in increasing order, over many binades, with outliers.
    @Test(arguments: TransformEngine.allCases)
    func hardNumbersStayBelowHalfOfTheLimit(engine: TransformEngine) throws {
        var random = RandomNumbers(seed: 44)
        for number in 0..<40 {
            var place: Float = 0
            let draws: [(inout RandomNumbers) -> Float] = [
                { 1 + 0x1p-10 * $0.real() }, { _ in 0.7 }, { $0.real(exponents: -20...20) },
                { $0.integer(100) == 0 ? 1e4 : $0.real() },
                { _ in
                    place += 1
                    return place / 1000
                },
            ]
            let call = Call(engine.problem(using: &random)) { draws[number % draws.count](&random) }
            let golden = try call.exactGolden(.real)
            let verdict = Judge().verdict(
                on: .output(try call.output(of: engine.engine)), to: golden,
                capabilities: engine.engine.capabilities)
            #expect(verdict.status == .pass, "\(call.problem): \(verdict)")
            #expect(try #require(verdict.comparison).ratio < 0.5, "\(number % draws.count), \(call.problem)")
        }
    }
}
