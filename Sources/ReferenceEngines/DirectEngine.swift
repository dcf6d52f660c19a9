public import Conformance
public import Convolution

/// The textbook loops: each element of the answer sums the products that ``ProductRuns`` lists, one after the other.
///
///     output[n, y, x, f] = bias[f] + sum over ky, kx, c of
///         input[n, y * strideH + ky * dilationH - top, x * strideW + kx * dilationW - left, group(f) * C + c]
///         * filter[ky, kx, c, f]
///
/// Sums start from the bias, in float32 for operands of 16 bits, exactly for whole numbers, else in the operands' type.
/// Padding is skipped, not multiplied. It works on the tensors as they lie in memory, in every layout.
public struct DirectEngine: Engine, Sendable {
    public init() {}

    public var capabilities: Capabilities { .everything }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let geometry = try problem.geometry(input: input, filter: filter, bias: bias)
        return sums(geometry, .forward, input, filter, bias, add: adding)
    }

    public func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        let geometry = try problem.geometry(of: operands)
        let operation = problem.operation
        let factors = operation.factors.compactMap { operands[$0] }
        switch problem.types.output {
        case .float32, .float16, .bfloat16:
            let tensors = factors.map(\.singles)
            let one = Tensor<Float>(shape: [1, 1, 1, 1], elements: [1])
            let sums = sums(
                geometry, operation, tensors[0], tensors.count > 1 ? tensors[1] : one, operands.bias?.singles.elements,
                add: adding)
            return AnyTensor(narrowing: sums, to: problem.types.output)
        case .float64:
            let tensors = factors.map(\.doubles)
            let one = Tensor<Double>(shape: [1, 1, 1, 1], elements: [1])
            return .float64(
                sums(
                    geometry, operation, tensors[0], tensors.count > 1 ? tensors[1] : one,
                    operands.bias?.doubles.elements, add: adding))
        case .int8, .uint8, .int32: return whole(geometry, operands, type: problem.types.output)
        }
    }

    /// The answer of whole numbers: numbers less their zero points are multiplied and summed, and scaled where the answer
    /// has 8 bits.
    private func whole(_ geometry: Geometry, _ operands: Operands, type: ElementType) -> AnyTensor {
        let quantization = operands.quantization!
        let input = operands.input!.wholeNumbers { _ in quantization.input.zeroPoints[0] }
        let filter = operands.filter!.wholeNumbers { quantization.filterZeroPoint($0) }
        let bias = operands.bias?.of(Int32.self)?.elements.map(\.widened)
        let sums: Tensor<Int64> = sums(geometry, .forward, input, filter, bias, add: adding)
        guard let output = quantization.output else { return .int32(sums.map { Int32(narrowing: $0) }) }
        let logical = sums.reordered(to: .logical)
        let numbers = logical.elements.enumerated().map { place, sum in
            let scale =
                Double(quantization.input.scales[0]) * Double(quantization.filterScale(place % geometry.filters))
                / Double(output.scales[0])
            return (Double(sum) * scale).rounded(.toNearestOrEven) + Double(output.zeroPoints[0])
        }
        return AnyTensor(nearest: numbers, type: type, shape: logical.shape).reordered(to: sums.order)
    }

    /// The sums, in the memory order of the first operand where that has the answer's axes.
    private func sums<Element: TensorElement>(
        _ geometry: Geometry, _ operation: Operation, _ first: Tensor<Element>, _ second: Tensor<Element>,
        _ bias: [Element.Accumulator]?,
        add: (
            Element.Accumulator, ProductRuns.Run, UnsafeBufferPointer<Element>, UnsafeBufferPointer<Element>
        ) -> Element.Accumulator
    ) -> Tensor<Element.Accumulator> {
        let runs = ProductRuns(geometry, operation, first: first.order, second: second.order)
        let shape = geometry.shape(of: operation.answer)
        let order = operation.answer == .input || operation.answer == .output ? first.order : .logical
        return first.elements.withUnsafeBufferPointer { firsts in
            second.elements.withUnsafeBufferPointer { seconds in
                Tensor(shape: shape, order: order) { i, j, k, l in
                    var sum = bias?[l] ?? .zero
                    runs.forEach(i, j, k, l) { sum = add(sum, $0, firsts, seconds) }
                    return sum
                }
            }
        }
    }
}

/// `sum` plus the products of a run, in float32.
private func adding(
    _ sum: Float, _ run: ProductRuns.Run, _ firsts: UnsafeBufferPointer<Float>, _ seconds: UnsafeBufferPointer<Float>
) -> Float {
    var sum = sum
    for turn in 0..<run.count {
        sum += firsts[run.first + turn * run.firstStep] * seconds[run.second + turn * run.secondStep]
    }
    return sum
}

/// `sum` plus the products of a run.
private func adding<Element: TensorElement>(
    _ sum: Element.Accumulator, _ run: ProductRuns.Run, _ firsts: UnsafeBufferPointer<Element>,
    _ seconds: UnsafeBufferPointer<Element>
) -> Element.Accumulator {
    var sum = sum
    for turn in 0..<run.count {
        sum += firsts[run.first + turn * run.firstStep].widened * seconds[run.second + turn * run.secondStep].widened
    }
    return sum
}

extension AnyTensor {
    /// The numbers less the zero point of the filter that they belong to.
    func wholeNumbers(zeroPoint: (_ filter: Int) -> Int) -> Tensor<Int32> {
        let tensor = doubles.reordered(to: .logical)
        let filters = max(tensor.shape[3], 1)
        let elements = tensor.elements.enumerated().map { Int32($1) - Int32(zeroPoint($0 % filters)) }
        return Tensor(shape: tensor.shape, elements: elements).reordered(to: order)
    }
}
