import Conformance
import ConformanceCLI

/// Four operations, each the same loops with another sum.
struct Mine: Engine {
    var capabilities: Capabilities { Capabilities(negativePads: true, operations: Operation.allCases) }

    /// Calls `body` where an output pixel (n, y, x) of filter f meets an input pixel (row, column) under tap (ky, kx); `c` is
    /// the channel within the filter's group, `channel` that of the input.
    func forEachProduct(
        _ g: Geometry,
        _ body: (
            _ n: Int, _ y: Int, _ x: Int, _ f: Int, _ ky: Int, _ kx: Int, _ c: Int, _ row: Int, _ column: Int,
            _ channel: Int
        ) -> Void
    ) {
        for n in 0..<g.batch {
            for y in 0..<g.outputHeight {
                for x in 0..<g.outputWidth {
                    for ky in 0..<g.kernelHeight {
                        for kx in 0..<g.kernelWidth {
                            guard let row = g.inputRow(y, ky), let column = g.inputColumn(x, kx) else { continue }
                            for f in 0..<g.filters {
                                for c in 0..<g.channelsPerGroup {
                                    body(n, y, x, f, ky, kx, c, row, column, g.firstChannel(ofFilter: f) + c)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let g = try problem.geometry()
        var output = Tensor<Float>(shape: g.outputShape) { _, _, _, f in bias?[f] ?? 0 }
        forEachProduct(g) { n, y, x, f, ky, kx, c, row, column, channel in
            output[n, y, x, f] += input[n, row, column, channel] * filter[ky, kx, c, f]
        }
        return output
    }

    func inputGradient(
        _ problem: Problem, output: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let g = try geometry(problem, output)
        var gradient = Tensor<Float>(shape: problem.input) { _, _, _, channel in bias?[channel] ?? 0 }
        forEachProduct(g) { n, y, x, f, ky, kx, c, row, column, channel in
            gradient[n, row, column, channel] += output[n, y, x, f] * filter[ky, kx, c, f]
        }
        return gradient
    }

    func filterGradient(_ problem: Problem, input: Tensor<Float>, output: Tensor<Float>) throws -> Tensor<Float> {
        let g = try geometry(problem, output)
        var gradient = Tensor<Float>(repeating: 0, shape: problem.filter)
        forEachProduct(g) { n, y, x, f, ky, kx, c, row, column, channel in
            gradient[ky, kx, c, f] += input[n, row, column, channel] * output[n, y, x, f]
        }
        return gradient
    }

    func biasGradient(_ problem: Problem, output: Tensor<Float>) throws -> [Float] {
        let filters = try geometry(problem, output).filters
        var gradient = [Float](repeating: 0, count: filters)
        for (place, number) in output.reordered(to: .logical).elements.enumerated() {
            gradient[place % filters] += number
        }
        return gradient
    }

    /// The problem's numbers; a gradient of another shape than its output's makes it invalid.
    func geometry(_ problem: Problem, _ output: Tensor<Float>) throws -> Geometry {
        let g = try problem.geometry()
        if output.shape != g.outputShape { throw EngineRefusal.rejected("the gradient's shape is \(output.shape)") }
        return g
    }
}

/// Learns the filter [1, -1] from an image with two edges and what the filter makes of it: gradient descent on the squared
/// error, with the engine's own operations.
func learnEdges() throws {
    let (engine, problem) = (Mine(), Problem(input: [1, 6, 8, 1], filter: [1, 2, 1, 1]))
    let image = Tensor<Float>(shape: problem.input) { _, _, x, _ in x >= 2 && x < 6 ? 0 : 1 }
    let edges = Tensor<Float>(shape: problem.filter, elements: [1, -1])
    let wanted = try engine.convolve(problem, input: image, filter: edges, bias: nil)
    var filter = Tensor<Float>(shape: problem.filter, elements: [0.5, 0.25])
    for _ in 0..<200 {
        var error = try engine.convolve(problem, input: image, filter: filter, bias: nil)
        for place in error.elements.indices { error.elements[place] -= wanted.elements[place] }
        let gradient = try engine.filterGradient(problem, input: image, output: error)
        for place in filter.elements.indices { filter.elements[place] -= 0.03 * gradient.elements[place] }
    }
    print("learned", filter.elements)
}

if CommandLine.arguments.dropFirst().first == "learn" {
    try learnEdges()
} else {
    ConformanceCLI.main { $0.register("mine") { Mine() } }
}
