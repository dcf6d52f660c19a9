import Conformance
import ConformanceCLI

/// The kernel under test. It knows pointers and sizes: images in NCHW, filters in OIHW.
func convolvePlanes(
    _ g: Geometry, _ input: UnsafePointer<Float>, _ filter: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>
) {
    for n in 0..<g.batch {
        for f in 0..<g.filters {
            let image = input + (n * g.channels + g.firstChannel(ofFilter: f)) * g.height * g.width
            let weights = filter + f * g.channelsPerGroup * g.kernelHeight * g.kernelWidth
            let plane = output + (n * g.filters + f) * g.outputHeight * g.outputWidth
            for y in 0..<g.outputHeight {
                for x in 0..<g.outputWidth {
                    var sum = bias?[f] ?? 0
                    for c in 0..<g.channelsPerGroup {
                        for ky in 0..<g.kernelHeight {
                            let row = y * g.strides.height + ky * g.dilations.height - g.pads.top
                            if row < 0 || row >= g.height { continue }
                            for kx in 0..<g.kernelWidth {
                                let column = x * g.strides.width + kx * g.dilations.width - g.pads.left
                                if column < 0 || column >= g.width { continue }
                                sum +=
                                    image[(c * g.height + row) * g.width + column]
                                    * weights[(c * g.kernelHeight + ky) * g.kernelWidth + kx]
                            }
                        }
                    }
                    plane[y * g.outputWidth + x] = sum
                }
            }
        }
    }
}

struct Planar: Engine {
    var version: String { "1.0" }

    var capabilities: Capabilities {
        Capabilities(inputLayouts: [.nchw], filterLayouts: [.oihw], negativePads: true)
    }

    func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let g = try problem.geometry()  // throws for a problem that has no output, which is the right answer to one
        var output = [Float](repeating: .nan, count: g.outputShape.count)
        if !output.isEmpty { convolvePlanes(g, input.elements, filter.elements, bias, &output) }
        return Tensor(shape: g.outputShape, order: input.order, elements: output)
    }
}

ConformanceCLI.main { $0.register("planar") { Planar() } }
