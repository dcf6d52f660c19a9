import Conformance
import Convolution
import Testing
import _TestSupport

@testable import ReferenceEngines

/// Sums whose rounding tells in which order they were added up.
@Suite struct SummationOrders {
    private func sum(_ order: SummationOrder, _ inputs: [Float], _ weights: [Float]? = nil, bias: Float = 0) -> Float {
        order.sum(inputs, weights ?? inputs.map { _ in 1 }, count: inputs.count, bias: bias)
    }

    @Test func forwardStartsFromTheBiasAndBackwardEndsWithIt() {
        #expect(sum(.forward, [0x1p24, -0x1p24], bias: 1) == 0)
        #expect(sum(.backward, [0x1p24, -0x1p24], bias: 1) == 1)
        #expect(sum(.forward, [1, 0x1p24, -0x1p24]) == 0)
        #expect(sum(.backward, [1, 0x1p24, -0x1p24]) == 1)
    }

    /// Of sixteen numbers each half is summed for itself.
    @Test func pairwiseAddsHalves() {
        var numbers = [Float](repeating: 0, count: 16)
        (numbers[0], numbers[7], numbers[8], numbers[15]) = (0x1p24, 1, 1, -0x1p24)
        #expect(sum(.pairwise, numbers) == 1)
        (numbers[7], numbers[15]) = (-0x1p24, 1)
        #expect(sum(.pairwise, numbers) == 2)
        (numbers[7], numbers[15]) = (1, -0x1p24)
        #expect(sum(.forward, numbers) == 0)
    }

    /// Numbers meet first with those eight places on.
    @Test func lanesAddEveryEighth() {
        var numbers = [Float](repeating: 0, count: 20)
        (numbers[0], numbers[8], numbers[17]) = (0x1p24, -0x1p24, 1)
        #expect(sum(.lanes, numbers) == 1)
        #expect(sum(.forward, numbers) == 1)
        (numbers[8], numbers[17], numbers[16], numbers[1]) = (1, 0, -0x1p24, 1)
        #expect(sum(.lanes, numbers) == 1)
        #expect(sum(.forward, numbers) == 0)
    }

    @Test func fusedRoundsProductAndSumOnce() {
        let factor: Float = 1 + 0x1p-12
        #expect(sum(.fused, [factor], [factor], bias: -(1 + 0x1p-11)) == 0x1p-24)
        #expect(sum(.forward, [factor], [factor], bias: -(1 + 0x1p-11)) == 0)
    }

    @Test(arguments: SummationOrder.allCases)
    func integersAreExactInEveryOrder(order: SummationOrder) throws {
        var random = RandomNumbers(seed: 31)
        for _ in 0..<40 {
            let call = Call(.random(using: &random)) { random.integer(100) }
            let want = try call.output(of: ExactReference())
            for layouts in Call.layouts {
                let got = try call.output(of: SummationOrderEngine(order), in: layouts)
                #expect(got.order == layouts.activation.order)
                #expect(got.reordered(to: .logical) == want, "\(call.problem) \(layouts)")
            }
        }
    }

    /// An order that was another by mistake would spare what it should put to the test.
    @Test func noTwoOrdersRoundAlike() throws {
        var random = RandomNumbers(seed: 32)
        let call = Call(Problem(input: [1, 6, 7, 11], filter: [3, 3, 11, 3], biasCount: 3)) { random.real() }
        let outputs = try SummationOrder.allCases.map { try call.output(of: SummationOrderEngine($0)).elements }
        #expect(Set(outputs).count == SummationOrder.allCases.count)
    }
}
