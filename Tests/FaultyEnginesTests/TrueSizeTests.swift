import Conformance
import Convolution
import FaultyEngines
import Testing
import _TestSupport

/// Faults in layers of networks as they are, judged by projections.
@Suite struct TrueSizeTests {
    private static let layers: [String: Problem] = [
        "ResNet-50 conv3_1 3x3/2": Problem(
            input: [1, 28, 28, 128], filter: [3, 3, 128, 128], strides: Extent(height: 2, width: 2),
            padding: .explicit(Pads(top: 1, bottom: 1, left: 1, right: 1))),
        "ResNet-50 conv4_x 1x1": Problem(input: [1, 14, 14, 256], filter: [1, 1, 256, 1024], biasCount: 1024),
        "gpu-mode test-32-4-16-2": Problem(input: [2, 32, 32, 16], filter: [4, 4, 16, 16]),
    ]

    private func golden(_ problem: Problem, _ data: CaseHeader.DataFamily) throws -> GoldenCase {
        var random = RandomNumbers(seed: 3)
        let operands = try problem.operands { Double(data == .integer ? random.integer(40) : random.real()) }
        let header = CaseHeader(suite: "true-size", name: "a", problem: problem, data: data, isDerived: true)
        return try #require(GoldenCase(projected: header, operands: operands))
    }

    /// Each of real data alone shows what is lost precision; of whole numbers the rest.
    @Test(arguments: [
        ("ResNet-50 conv3_1 3x3/2", "tf32-factors", CaseHeader.DataFamily.real),
        ("ResNet-50 conv3_1 3x3/2", "pads-scaled-by-stride", .integer),
        ("ResNet-50 conv3_1 3x3/2", "replicated-edge", .real),
        ("ResNet-50 conv4_x 1x1", "pointwise-pixel-tail", .integer),
        ("ResNet-50 conv4_x 1x1", "bias-in-seven-bits", .integer),
        ("ResNet-50 conv4_x 1x1", "channels-behind-255", .integer),
        ("ResNet-50 conv4_x 1x1", "filters-behind-255", .integer),
        ("ResNet-50 conv4_x 1x1", "float16-partial-sums-pointwise", .real),
        ("gpu-mode test-32-4-16-2", "shifted-column-tail", .integer),
        ("gpu-mode test-32-4-16-2", "float16-accumulator", .real),
        ("gpu-mode test-32-4-16-2", "shifted-column-tail", .real),
    ])
    func aFaultIsCaught(layer: String, fault: String, data: CaseHeader.DataFamily) throws {
        let problem = try #require(Self.layers[layer])
        let known: Fault = try #require(Fault.named(fault))
        let engine = FaultyEngine(known)
        let trial = Trial(try golden(problem, data))
        let answer = try engine.compute(problem, trial.golden.operands)
        let isVisible = answer != (try FaultyEngine(nil).compute(problem, trial.golden.operands))
        let verdict = trial.verdict(on: .output(answer, Computation()), capabilities: engine.capabilities)
        let comparison = try #require(verdict.comparison)
        #expect(isVisible, "the fault does not show in this layer")
        #expect(verdict.status == .fail && comparison.mismatched > 0 && comparison.projection != nil, "\(verdict)")
    }

    @Test(arguments: layers.keys) func theRightOneIsSpared(layer: String) throws {
        for data in [CaseHeader.DataFamily.integer, .real] {
            var trial = Trial(try golden(try #require(Self.layers[layer]), data))
            let verdict = trial.verdict(on: FaultyEngine(nil), in: .golden)
            #expect(verdict.status == .pass && verdict.comparison?.projection != nil, "\(verdict)")
        }
    }
}
