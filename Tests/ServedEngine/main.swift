// A well-behaved child for the tests: an engine that prints where it should not, and declines some problems.
import Conformance
import Convolution
import EngineHost
import Foundation

struct TextbookEngine: Engine {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    var version: String { "1.5" }

    var capabilities: Capabilities {
        Capabilities(
            inputLayouts: ActivationLayout.allCases, filterLayouts: FilterLayout.allCases, groups: false,
            negativePads: true, arithmetic: .bfloat16)
    }

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        print("computing \(problem)")
        puts("and C says so too")
        let geometry = try problem.geometry()
        if geometry.groups > 1 { throw EngineRefusal.unsupported("no groups today") }
        if geometry.dilations != .one { throw Failure(description: "dilations overheat it") }
        return Tensor(shape: geometry.outputShape) { n, y, x, f in
            var sum = bias?[f] ?? 0
            for ky in 0..<geometry.kernelHeight {
                guard let row = geometry.inputRow(y, ky) else { continue }
                for kx in 0..<geometry.kernelWidth {
                    guard let column = geometry.inputColumn(x, kx) else { continue }
                    for c in 0..<geometry.channels {
                        sum += input[n, row, column, c] * filter[ky, kx, c, f]
                    }
                }
            }
            return sum
        }
    }
}

switch CommandLine.arguments.dropFirst().first {
case nil:
    do {
        try serve(TextbookEngine(), named: "textbook")
    } catch {
        FileHandle.standardError.write(Data("served-engine: \(error)\n".utf8))
        exit(70)
    }
case let ending?:
    // Ends, as an interrupted run does, while a child still lives.
    let engine = try CommandEngine(EngineCommand(CommandLine.arguments[2]))
    withExtendedLifetime(engine) {
        if ending == "exit" { exit(130) }
        killEngineProcesses()
        _exit(130)
    }
}
