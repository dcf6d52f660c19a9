import Conformance
import ConformanceCLI

struct Mine: Engine {
    var capabilities: Capabilities { Capabilities(negativePads: true) }

    func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let g = try problem.geometry()
        return Tensor(shape: g.outputShape, order: input.order) { n, y, x, f in
            var sum = bias?[f] ?? 0
            for ky in 0..<g.kernelHeight {
                for kx in 0..<g.kernelWidth {
                    guard let row = g.inputRow(y, ky), let column = g.inputColumn(x, kx) else { continue }
                    for c in 0..<g.channelsPerGroup {
                        sum += input[n, row, column, g.firstChannel(ofFilter: f) + c] * filter[ky, kx, c, f]
                    }
                }
            }
            return sum
        }
    }
}

ConformanceCLI.main { $0.register("mine") { Mine() } }
