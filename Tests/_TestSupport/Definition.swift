public import Convolution

/// What an operation's answer is by its definition: a loop over all products, added up in float64, which is exact for small
/// whole numbers.
///
/// - Throws: `InvalidProblem` where there is no answer.
public func definition(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
    let g = try problem.geometry(of: operands)
    let quantization = operands.quantization
    let role = problem.operation.answer
    var sums = Tensor<Double>(repeating: 0, shape: g.shape(of: role))
    let (input, filter, output) = (operands.input?.doubles, operands.filter?.doubles, operands.output?.doubles)
    for (n, y, x, f) in places(in: g.outputShape) {
        if role == .bias { sums[0, 0, 0, f] += output?[n, y, x, f] ?? 0 }
        for i in 0..<g.kernelHeight where role != .bias {
            for j in 0..<g.kernelWidth {
                guard let row = g.inputRow(y, i), let column = g.inputColumn(x, j) else { continue }
                for c in 0..<g.channelsPerGroup {
                    let channel = g.firstChannel(ofFilter: f) + c
                    let pixel = (input?[n, row, column, channel] ?? 0) - Double(quantization?.input.zeroPoints[0] ?? 0)
                    let weight = (filter?[i, j, c, f] ?? 0) - Double(quantization?.filterZeroPoint(f) ?? 0)
                    let gradient = output?[n, y, x, f] ?? 0
                    switch role {
                    case .output: sums[n, y, x, f] += pixel * weight
                    case .input: sums[n, row, column, channel] += gradient * weight
                    case .filter: sums[i, j, c, f] += pixel * gradient
                    case .bias: break
                    }
                }
            }
        }
    }
    let bias = operands.bias?.doubles
    for (a, b, c, d) in places(in: sums.shape) {
        sums[a, b, c, d] += bias?[0, 0, 0, d] ?? 0
        guard let quantization, let answer = quantization.output else { continue }
        let factor = Double(quantization.input.scales[0]) * Double(quantization.filterScale(d))
        let scaled = sums[a, b, c, d] * factor / Double(answer.scales[0])
        sums[a, b, c, d] = scaled.rounded(.toNearestOrEven) + Double(answer.zeroPoints[0])
    }
    return AnyTensor(nearest: sums.elements, type: problem.types[role], shape: sums.shape)
}

private func places(in shape: Shape) -> [(Int, Int, Int, Int)] {
    (0..<shape.count).map { place in
        let last = place / shape[3]
        return (last / shape[2] / shape[1], last / shape[2] % shape[1], last % shape[2], place % shape[3])
    }
}
