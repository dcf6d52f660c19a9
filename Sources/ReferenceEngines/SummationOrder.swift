/// An order in which an output element's float32 products can be added up. Each is right; their rounding errors differ.
public enum SummationOrder: String, Hashable, Sendable, CaseIterable {
    /// From the first product to the last, starting from the bias.
    case forward
    /// From the last product to the first, then the bias.
    case backward
    /// Halves, each summed in the same way, down to runs of eight; then the bias.
    case pairwise
    /// Eight partial sums, the i-th of every eighth product from the i-th on, as SIMD code does it; then the bias.
    case lanes
    /// `forward` with a fused multiply-add, which rounds product and sum once.
    case fused

    /// The sum of `count` products and the bias.
    func sum(_ inputs: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int, bias: Float) -> Float {
        switch self {
        case .forward:
            return forwardSum(inputs, weights, count: count, from: bias)
        case .backward:
            var sum: Float = 0
            for index in stride(from: count - 1, through: 0, by: -1) {
                sum += inputs[index] * weights[index]
            }
            return sum + bias
        case .pairwise:
            return pairwiseSum(inputs, weights, count: count) + bias
        case .lanes:
            return lanesSum(inputs, weights, count: count) + bias
        case .fused:
            var sum = bias
            for index in 0..<count {
                sum.addProduct(inputs[index], weights[index])
            }
            return sum
        }
    }
}

private func forwardSum(
    _ inputs: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int, from start: Float
) -> Float {
    var sum = start
    for index in 0..<count {
        sum += inputs[index] * weights[index]
    }
    return sum
}

private func pairwiseSum(_ inputs: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int) -> Float {
    if count <= 8 { return forwardSum(inputs, weights, count: count, from: 0) }
    let half = count / 2
    return pairwiseSum(inputs, weights, count: half)
        + pairwiseSum(inputs + half, weights + half, count: count - half)
}

private func lanesSum(_ inputs: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int) -> Float {
    var lanes = SIMD8<Float>.zero
    for start in stride(from: 0, to: count, by: 8) {
        for lane in 0..<min(8, count - start) {
            lanes[lane] += inputs[start + lane] * weights[start + lane]
        }
    }
    let four = lanes.lowHalf + lanes.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
}
