// A package's own command line with engines that fail in every way in which a process can, on images of three columns.
import Conformance
import ConformanceCLI
import Foundation

struct Crashing: Engine {
    let name: String

    func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let g = try problem.geometry()
        if g.width == 3 { fail(input.elements) }
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

    private func fail(_ elements: [Float]) {
        switch name {
        case "fatal": fatalError("too hot")
        case "index": print(elements[elements.count])
        case "exit": exit(0)
        case "hang": while true { sleep(1) }
        case "memory":
            var memory: [[Float]] = []
            while true { memory.append([Float](repeating: 1, count: 1 << 20)) }
        default: break
        }
    }
}

// A program may talk before it comes to its engines.
print("welcome")
ConformanceCLI.main { engines in
    for name in ["right", "fatal", "index", "exit", "hang", "memory"] {
        engines.register(name) { Crashing(name: name) }
    }
    engines.register("unmade") { throw EngineRefusal.refused("no device") }
}
