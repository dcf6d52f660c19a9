import Conformance
import Convolution
import Testing
import _TestSupport

@testable import FaultyEngines

@Suite struct PlainSumsTests {
    static let problems: [Problem] = [
        .of([2, 5, 6, 5], (3, 2), to: 21, bias: true),
        .of([1, 6, 7, 12], (3, 3), to: 24, dilation: 2, padding: .sameUpper, groups: 3, bias: true),
        .of([5, 6, 11, 6], (2, 3), to: 12, stride: 2, padding: .pads(1, 2, 3, 0), groups: 6),
        .of([3, 8, 5, 17], (1, 1), to: 19, stride: 3, padding: .pads(-1, 0, 0, 2), bias: true),
        .of([1, 1, 30, 4], (1, 9), to: 4, dilation: 2, padding: .pads(0, 0, 16, 0), groups: 2),
        .of([2, 5, 6, 2], (7, 7), to: 6, padding: .sameLower, groups: 2, bias: true),
    ]

    /// Reals, so that another order of summation shows.
    private func golden(_ problem: Problem) throws -> GoldenCase {
        var golden = try GoldenCase.drawn(problem)
        golden.input = Tensor(shape: golden.input.shape) { golden.input[$0, $1, $2, $3] / 3 }
        golden.filter = Tensor(shape: golden.filter.shape) { golden.filter[$0, $1, $2, $3] / 7 }
        return golden
    }

    @Test(arguments: problems) func addsInTheOrderOfRowColumnChannel(problem: Problem) throws {
        let golden = try golden(problem)
        let g = try problem.geometry()
        let output = try FaultyEngine.right(
            problem, input: golden.input, filter: golden.filter, bias: golden.bias
        ).computed()
        for offset in output.elements.indices {
            let f = offset % g.filters
            let x = offset / g.filters % g.outputWidth
            let y = offset / g.filters / g.outputWidth % g.outputHeight
            let n = offset / g.filters / g.outputWidth / g.outputHeight
            var sum: Float = 0
            for ky in 0..<g.kernelHeight {
                for kx in 0..<g.kernelWidth {
                    guard let row = g.inputRow(y, ky), let column = g.inputColumn(x, kx) else { continue }
                    for c in 0..<g.channelsPerGroup {
                        sum +=
                            golden.input[n, row, column, g.firstChannel(ofFilter: f) + c] * golden.filter[ky, kx, c, f]
                    }
                }
            }
            #expect(output.elements[offset] == sum + (golden.bias?[f] ?? 0), "\(offset)")
        }
    }

    /// Every fault answers the same, bit for bit, whether right sums are taken over or all are computed.
    @Test(arguments: problems) func rightSumsSaveTimeAndChangeNothing(problem: Problem) throws {
        let golden = try golden(problem)
        // Another layout once: each problem costs two calls of every fault.
        for layouts in problem.groups == 3 ? [LayoutPair.golden, LayoutPair(.nchw, .oihw)] : [.golden] {
            let request = golden.request(in: layouts)
            let right = RightSums(
                try FaultyEngine.right(
                    request.problem, input: request.input, filter: request.filter, bias: request.bias))
            var shown = 0
            for fault in Fault.all {
                func bits(_ right: RightSums?) -> [UInt32]? {
                    let engine = FaultyEngine(fault)
                    let output = try? engine.spoiled(
                        request.problem, input: request.input, filter: request.filter, bias: request.bias,
                        like: { right })
                    return output?.elements.map(\.bitPattern)
                }
                let alone = bits(nil)
                shown += alone == nil ? 0 : 1
                #expect(bits(right) == alone, "\(fault.name)")
            }
            #expect(shown > 40)
        }
    }
}
