// How fast the exact reference and the plain engines are, on layers of networks: JSON Lines, a line for each measurement.
import Conformance
import Convolution
import ExactArithmetic
import Foundation
import ReferenceEngines

/// A layer of a network: input `[1, size, size, channels]`, kernel `[kernel, kernel, channels, filters]`, SAME padding.
struct Layer: Encodable {
    let name: String
    let size: Int
    let channels: Int
    let filters: Int
    let kernel: Int
    let stride: Int

    init(_ name: String, _ size: Int, _ channels: Int, _ filters: Int, kernel: Int, stride: Int = 1) {
        (self.name, self.size, self.channels, self.filters) = (name, size, channels, filters)
        (self.kernel, self.stride) = (kernel, stride)
    }

    func problem(_ operation: Convolution.Operation) -> Problem {
        let pad = kernel / 2
        return Problem(
            input: [1, size, size, channels], filter: [kernel, kernel, channels, filters],
            strides: Extent(height: stride, width: stride),
            padding: .explicit(Pads(top: pad, bottom: pad, left: pad, right: pad)), operation: operation)
    }
}

/// What took how many seconds of one processor.
struct Measurement: Encodable {
    let what: String
    let layer: Layer
    let products: Int
    let seconds: Double
}

let layers = [
    Layer("VGG-16 conv1_2", 224, 64, 64, kernel: 3), Layer("VGG-16 conv2_1", 112, 64, 128, kernel: 3),
    Layer("VGG-16 conv3_2", 56, 256, 256, kernel: 3), Layer("VGG-16 conv4_2", 28, 512, 512, kernel: 3),
    Layer("VGG-16 conv5_1", 14, 512, 512, kernel: 3), Layer("ResNet-50 conv1", 224, 3, 64, kernel: 7, stride: 2),
    Layer("ResNet-50 conv2_x 1x1", 56, 64, 256, kernel: 1), Layer("ResNet-50 conv2_x 3x3", 56, 64, 64, kernel: 3),
    Layer("ResNet-50 conv3_1 3x3/2", 56, 128, 128, kernel: 3, stride: 2),
    Layer("ResNet-50 conv4_x 3x3", 14, 256, 256, kernel: 3), Layer("ResNet-50 conv5_x 1x1", 7, 2048, 512, kernel: 1),
]

/// Seconds of this process on its processors.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Prints how long a second call takes: the first one touches the memory and finds the libraries.
func measure(_ what: String, _ layer: Layer, products: Int, _ body: () throws -> Void) throws {
    try body()
    let start = processorSeconds()
    try body()
    let line = Measurement(what: what, layer: layer, products: products, seconds: processorSeconds() - start)
    print(String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
}

/// Operands of a problem, the same at each call: whole numbers up to `bound`, or real ones below 1 in magnitude.
func operands(of problem: Problem, bound: UInt64?) throws -> Operands {
    let geometry = try problem.geometry()
    let draw = Draw(bound: bound)
    var operands = Operands()
    for role in problem.operation.factors {
        let shape = geometry.shape(of: role)
        let stream: Draw.Stream = role == .input ? .input : role == .filter ? .filter : .output
        let numbers = draw.elements(count: shape.count, stream: stream, seed: 1)
        operands[role] = AnyTensor(nearest: numbers, type: problem.types[role], shape: shape)
    }
    return operands
}

/// The sums of quantized images have zero points; where the answer is quantized too, scales.
func quantization(of types: ElementTypes) -> Quantization? {
    switch types.output {
    case .int32: Quantization(input: .init(zeroPoints: [3]), filter: .init(zeroPoints: [0]))
    case .int8:
        Quantization(
            input: .init(zeroPoints: [3], scales: [0.05]), filter: .init(zeroPoints: [0], scales: [0.01]),
            output: .init(zeroPoints: [-1], scales: [0.7]))
    default: nil
    }
}

for layer in layers {
    for operation in [Convolution.Operation.forward, .inputGradient, .filterGradient] {
        let problem = layer.problem(operation)
        let geometry = try problem.geometry()
        let products = geometry.outputShape.count * geometry.productsPerOutput
        for (data, bound) in [("real", nil), ("integer", 15)] as [(String, UInt64?)] {
            let operands = try operands(of: problem, bound: bound)
            try measure("\(operation.rawValue), \(data) data", layer, products: products) {
                _ = try ExactConvolution().answer(to: problem, operands)
            }
            guard operation == .forward else { continue }
            try measure("forward, \(data) data, sums alone", layer, products: products) {
                _ = try ExactConvolution().expected(of: problem, operands)
            }
            if data == "real" {
                for (name, engine) in [("direct", DirectEngine() as any Engine), ("im2col", Im2colEngine())] {
                    try measure(name, layer, products: products) { _ = try engine.compute(problem, operands) }
                }
            }
        }
        guard operation == .forward else { continue }
        for (types, bound) in [
            (ElementTypes(.float64), nil), (ElementTypes(.float16), nil), (ElementTypes(.bfloat16), nil),
            (ElementTypes(input: .uint8, filter: .int8, output: .int32), 15), (ElementTypes(.int8), 15),
        ] as [(ElementTypes, UInt64?)] {
            var problem = problem
            problem.types = types
            var operands = try operands(of: problem, bound: bound)
            operands.quantization = quantization(of: types)
            let name = types.input == types.output ? types.output.rawValue : "\(types.input) to \(types.output)"
            try measure("forward, \(name)", layer, products: products) {
                _ = try ExactConvolution().answer(to: problem, operands)
            }
        }
    }
}
