import Convolution
import Testing
import _TestSupport

@testable import ExactArithmetic

/// Exact sums of depthwise convolutions, against the same sums by the accumulator.
@Suite struct DepthwiseRowsTests {
    @Test(arguments: [Convolution.Operation.forward, .inputGradient], [ElementType.float32, .float64])
    func everyWayGivesTheSameBits(operation: Convolution.Operation, type: ElementType) throws {
        var random = RandomNumbers(seed: 71)
        for trial in 0..<16 {
            var problem = Problem.random(operation, type, using: &random)
            let channels = 1 + trial
            problem.groups = channels
            problem.input[3] = channels
            (problem.filter[2], problem.filter[3]) = (1, channels)
            problem.biasCount = problem.biasCount.map { _ in channels }
            let operands = try problem.operands {
                switch trial % 4 {
                case 0: Double(random.integer(3))
                case 1: Double(random.integer(1)) * 0x1p20
                case 2: Double(random.integer(1 << 20))
                default: Double(random.real())
                }
            }
            let found = try AllWays(problem, operands, workers: 1 + trial % 3)
            #expect(found.depthwise != nil && found.differences == [], "\(problem)")
            #expect(try ExactConvolution().answer(to: problem, operands).hasBits(of: found.accumulated), "\(problem)")
        }
    }

    @Test func onlySingleChannelsAndFiltersSuit() throws {
        let geometry = try Problem(input: [1, 2, 2, 4], filter: [1, 1, 1, 4], groups: 4).geometry()
        #expect(DepthwiseRows.suits(geometry, .forward) && DepthwiseRows.suits(geometry, .inputGradient))
        #expect(!DepthwiseRows.suits(geometry, .filterGradient) && !DepthwiseRows.suits(geometry, .biasGradient))
        let multiplied = try Problem(input: [1, 2, 2, 4], filter: [1, 1, 1, 8], groups: 4).geometry()
        #expect(!DepthwiseRows.suits(multiplied, .forward))
        let shared = try Problem(input: [1, 2, 2, 4], filter: [1, 1, 2, 2], groups: 2).geometry()
        #expect(!DepthwiseRows.suits(shared, .forward))
    }
}
