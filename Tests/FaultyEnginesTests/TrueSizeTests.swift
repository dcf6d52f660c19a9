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
        return try #require(GoldenCase(withoutAnswer: header, operands: operands))
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

    // MARK: Other operations and types

    private static let others: [String: Problem] = [
        "transposed": Problem(
            input: [2, 21, 29, 64], filter: [3, 5, 16, 32], strides: Extent(height: 2, width: 3),
            dilations: Extent(height: 2, width: 1), padding: .explicit(Pads(top: 1, bottom: 1, left: 2, right: 2)),
            groups: 4, operation: .inputGradient),
        "filter gradient": Problem(
            input: [2, 17, 19, 16], filter: [3, 3, 16, 40], strides: Extent(height: 2, width: 1),
            padding: .explicit(Pads(top: 1, bottom: 1, left: 1, right: 1)), operation: .filterGradient),
        "uint8 by int8": Problem(
            input: [1, 14, 15, 18], filter: [3, 3, 18, 32], padding: .sameUpper,
            types: ElementTypes(input: .uint8, filter: .int8, output: .int32)),
    ]

    private func other(_ name: String, _ data: CaseHeader.DataFamily) throws -> GoldenCase {
        let problem = try #require(Self.others[name])
        var random = RandomNumbers(seed: 4)
        var operands = try problem.operands {
            if problem.types.output == .int32 { return Double(Int.random(in: 0...127, using: &random)) }
            return Double(data == .integer ? random.integer(40) : random.real())
        }
        if problem.types.output == .int32 {
            let points = (0..<problem.filter[3]).map { $0 % 17 - 8 }
            operands.quantization = Quantization(input: .init(zeroPoints: [31]), filter: .init(zeroPoints: points))
        }
        let header = CaseHeader(suite: "true-size", name: "a", problem: problem, data: data, isDerived: true)
        return try #require(GoldenCase(withoutAnswer: header, operands: operands))
    }

    @Test(arguments: [
        ("transposed", "input-gradient-filter-not-turned", CaseHeader.DataFamily.real),
        ("transposed", "input-gradient-strides-swapped", .integer),
        ("transposed", "input-gradient-dilation-ignored", .integer),
        ("transposed", "input-gradient-grouped-and-strided", .real),
        ("transposed", "input-gradient-pads-not-cropped", .integer),
        ("transposed", "input-gradient-last-image-lost", .real),
        ("filter gradient", "filter-gradient-turned", .real),
        ("filter gradient", "filter-gradient-width-tail", .integer),
        ("filter gradient", "filter-gradient-padding-ignored", .integer),
        ("filter gradient", "filter-gradient-last-image-lost", .real),
        ("filter gradient", "filter-gradient-summed-in-16-bits", .real),
        ("uint8 by int8", "int8-padding-is-zero", .integer),
        ("uint8 by int8", "int8-filter-zero-points-take-the-first", .integer),
        ("uint8 by int8", "int8-saturating-16-bit-sums", .integer),
        ("uint8 by int8", "int8-channel-fours", .integer),
    ])
    func aFaultOfAnotherOperationIsCaught(name: String, fault: String, data: CaseHeader.DataFamily) throws {
        let golden = try other(name, data)
        let known: Fault = try #require(Fault.named(fault))
        let engine = FaultyEngine(known)
        var trial = Trial(golden)
        let verdict = trial.verdict(on: engine, in: .golden)
        let comparison = try #require(verdict.comparison)
        #expect(verdict.status == .fail && comparison.mismatched > 0 && comparison.projection != nil, "\(verdict)")
        var other = Trial(golden)
        #expect(other.verdict(on: FaultyEngine(nil), in: .golden).status == .pass)
    }
}
