public import Conformance
public import Convolution

/// The textbook loops in float32: each output element is computed as `Problem` defines it.
///
///     output[n, y, x, f] = bias[f] + sum over ky, kx, c of
///         input[n, y * strideH + ky * dilationH - top, x * strideW + kx * dilationW - left, group(f) * C + c]
///         * filter[ky, kx, c, f]
///
/// Products are added one after the other, in the order of ky, kx, c, starting from the bias. Padding is skipped, not
/// multiplied. It works on the tensors as they lie in memory, in every layout.
public struct DirectEngine: Engine, Sendable {
    public init() {}

    public var capabilities: Capabilities { .everyLayout }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let geometry = try problem.geometry(input: input, filter: filter, bias: bias)
        return input.elements.withUnsafeBufferPointer { inputs in
            filter.elements.withUnsafeBufferPointer { weights in
                Tensor(shape: geometry.outputShape, order: input.order) { n, y, x, f in
                    let firstChannel = geometry.firstChannel(ofFilter: f)
                    var sum = bias?[f] ?? 0
                    // Without channels there is no first one to point at.
                    if geometry.channelsPerGroup == 0 { return sum }
                    for ky in 0..<geometry.kernelHeight {
                        guard let row = geometry.inputRow(y, ky) else { continue }
                        for kx in 0..<geometry.kernelWidth {
                            guard let column = geometry.inputColumn(x, kx) else { continue }
                            sum = adding(
                                toSum: sum, count: geometry.channelsPerGroup,
                                inputs, from: input.offset(n, row, column, firstChannel), stride: input.strides[3],
                                weights, from: filter.offset(ky, kx, 0, f), stride: filter.strides[2])
                        }
                    }
                    return sum
                }
            }
        }
    }
}

/// `sum` plus the products of `count` inputs and weights, each `stride` elements after the one before it.
@inline(__always)
private func adding(
    toSum sum: Float, count: Int,
    _ inputs: UnsafeBufferPointer<Float>, from input: Int, stride inputStride: Int,
    _ weights: UnsafeBufferPointer<Float>, from weight: Int, stride weightStride: Int
) -> Float {
    var sum = sum
    for c in 0..<count {
        sum += inputs[input + c * inputStride] * weights[weight + c * weightStride]
    }
    return sum
}
