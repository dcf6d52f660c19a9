public import Conformance
public import Convolution
internal import ExactArithmetic

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
        return sums(geometry, .forward, input, filter, bias)
    }

    public func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        let geometry = try problem.geometry(of: operands)
        let operation = problem.operation
        let factors = operation.factors.compactMap { operands[$0] }
        switch problem.types.kind {
        case .floating(let type) where type != .float64:
            let tensors = factors.map(\.singles)
            let one = Tensor<Float>(shape: [1, 1, 1, 1], elements: [1])
            let sums = sums(
                geometry, operation, tensors[0], tensors.count > 1 ? tensors[1] : one, operands.bias?.singles.elements,
            )
            return AnyTensor(narrowing: sums, to: type)
        case .floating:
            let tensors = factors.map(\.doubles)
            let one = Tensor<Double>(shape: [1, 1, 1, 1], elements: [1])
            return .float64(
                sums(
                    geometry, operation, tensors[0], tensors.count > 1 ? tensors[1] : one,
                    operands.bias?.doubles.elements))
        case .integer, .quantized, nil: return whole(geometry, operands, type: problem.types.output)
        }
    }

    /// The answer of whole numbers: numbers less their zero points are multiplied and summed, and scaled where the answer
    /// has 8 bits.
    private func whole(_ geometry: Geometry, _ operands: Operands, type: ElementType) -> AnyTensor {
        let quantization = operands.quantization!
        let input = operands.input!.wholeNumbers { _ in quantization.input.zeroPoints[0] }
        let filter = operands.filter!.wholeNumbers { quantization.filterZeroPoint($0) }
        let bias = operands.bias?.of(Int32.self)?.elements.map(\.widened)
        let sums: Tensor<Int64> = sums(geometry, .forward, input, filter, bias)
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
    ///
    /// Elements side by side are summed side by side, each in the order of its runs: along the answer's last axis, or along the
    /// one before where the last is short or has its elements further apart in memory; and where it is short, four pixels that
    /// the whole kernel lies over.
    private func sums<Element: TensorElement>(
        _ geometry: Geometry, _ operation: Convolution.Operation, _ first: Tensor<Element>, _ second: Tensor<Element>,
        _ bias: [Element.Accumulator]?
    ) -> Tensor<Element.Accumulator> {
        let runs = ProductRuns(geometry, operation, first: first.order, second: second.order)
        let shape = geometry.shape(of: operation.answer)
        let order = operation.answer == .input || operation.answer == .output ? first.order : .logical
        if shape.count == 0 { return Tensor(shape: shape, order: order, elements: []) }
        let (lanes, steps, strides) = (runs.lanes, runs.lastAxisSteps, order.strides(of: shape))
        let axis = lanes < 4 && shape[2] < 4 ? 1 : 2
        let alike = runs.alike(along: axis)
        let isFourfold = lanes < 4 && alike.elements.count >= 4 && alike.step > 1
        let isSwept = !isFourfold && lanes < shape[2] && (lanes < 4 || strides[2] < strides[3])
        let starts = Scratch<Element.Accumulator>(repeating: .zero, count: shape[3])
        if let bias { starts.pointer.update(from: bias, count: shape[3]) }
        let scratch = Scratch<Element.Accumulator>(repeating: .zero, count: max(lanes, shape[2], 4))
        let elements = first.elements.withUnsafeBufferPointer { firsts in
            second.elements.withUnsafeBufferPointer { seconds in
                [Element.Accumulator](unsafeUninitializedCapacity: shape.count) { answers, count in
                    count = shape.count
                    let (firsts, seconds, answers) = (firsts.baseAddress!, seconds.baseAddress!, answers.baseAddress!)
                    /// The elements at i, j and l, all along the third axis.
                    func sweep(_ i: Int, _ j: Int, _ l: Int) {
                        let place = answers + (i * strides[0] + j * strides[1] + l * strides[3])
                        let sums = strides[2] == 1 ? place : scratch.pointer
                        sums.initialize(repeating: starts.pointer[l], count: shape[2])
                        runs.forEachSweep(i, j, l) { sweep in
                            add(
                                firsts + sweep.first, sweep.firstStep, times: seconds + sweep.second, 0,
                                to: sums + sweep.start, sweep.step, count: sweep.count)
                        }
                        if sums != place { for k in 0..<shape[2] { place[k * strides[2]] = sums[k] } }
                    }
                    /// The elements at i, j and k, from l on along the last axis.
                    func sum(_ i: Int, _ j: Int, _ k: Int, _ l: Int) {
                        let place = answers + (i * strides[0] + j * strides[1] + k * strides[2] + l * strides[3])
                        let sums = strides[3] == 1 ? place : scratch.pointer
                        sums.initialize(from: starts.pointer + l, count: lanes)
                        runs.forEach(i, j, k, l) { run in
                            if run.count > 1 && (lanes < 16 || steps != (0, 1)) {
                                return add(run, firsts, seconds, steps, to: sums, lanes: lanes)
                            }
                            for turn in 0..<run.count {
                                add(
                                    firsts + (run.first + turn * run.firstStep), steps.first,
                                    times: seconds + (run.second + turn * run.secondStep), steps.second,
                                    to: sums, 1, count: lanes)
                            }
                        }
                        if sums != place { for lane in 0..<lanes { place[lane * strides[3]] = sums[lane] } }
                    }
                    /// The elements at l of four pixels, from (i, j, k) on along an axis, that are alike.
                    func sumFour(_ i: Int, _ j: Int, _ k: Int, _ l: Int) {
                        scratch.pointer.initialize(repeating: starts.pointer[l], count: 4)
                        runs.forEach(i, j, k, l) { run in
                            add(run, firsts, seconds, (alike.step, 0), to: scratch.pointer, lanes: 4)
                        }
                        let place = answers + (i * strides[0] + j * strides[1] + k * strides[2] + l * strides[3])
                        for pixel in 0..<4 { place[pixel * strides[axis]] = scratch.pointer[pixel] }
                    }
                    for i in 0..<shape[0] {
                        if isSwept {
                            for j in 0..<shape[1] { for l in 0..<shape[3] { sweep(i, j, l) } }
                            continue
                        }
                        for other in 0..<shape[3 - axis] {
                            var place = 0
                            while place < shape[axis] {
                                let (j, k) = axis == 2 ? (other, place) : (place, other)
                                if isFourfold, alike.elements.contains(place), alike.elements.contains(place + 3) {
                                    for l in 0..<shape[3] { sumFour(i, j, k, l) }
                                    place += 4
                                } else {
                                    for l in stride(from: 0, to: shape[3], by: lanes) { sum(i, j, k, l) }
                                    place += 1
                                }
                            }
                        }
                    }
                }
            }
        }
        return Tensor(shape: shape, order: order, elements: elements)
    }
}

/// `sums` plus the products of a run, of elements side by side whose factors lie `steps` apart: four at a time, whose sums
/// stay in registers.
@inline(__always)
private func add<Element: TensorElement>(
    _ run: ProductRuns.Run, _ firsts: UnsafePointer<Element>, _ seconds: UnsafePointer<Element>,
    _ steps: (first: Int, second: Int), to sums: UnsafeMutablePointer<Element.Accumulator>, lanes: Int
) {
    var lane = 0
    while lane + 4 <= lanes {
        var (a, b, c, d) = (sums[lane], sums[lane + 1], sums[lane + 2], sums[lane + 3])
        var first = firsts + (run.first + lane * steps.first)
        var second = seconds + (run.second + lane * steps.second)
        if steps == (0, 1) {
            for _ in 0..<run.count {
                let factor = first[0].widened
                a += factor * second[0].widened
                b += factor * second[1].widened
                c += factor * second[2].widened
                d += factor * second[3].widened
                first += run.firstStep
                second += run.secondStep
            }
        } else {
            for _ in 0..<run.count {
                a += first[0].widened * second[0].widened
                b += first[steps.first].widened * second[steps.second].widened
                c += first[2 * steps.first].widened * second[2 * steps.second].widened
                d += first[3 * steps.first].widened * second[3 * steps.second].widened
                first += run.firstStep
                second += run.secondStep
            }
        }
        (sums[lane], sums[lane + 1], sums[lane + 2], sums[lane + 3]) = (a, b, c, d)
        lane += 4
    }
    while lane < lanes {
        var sum = sums[lane]
        var first = firsts + (run.first + lane * steps.first)
        var second = seconds + (run.second + lane * steps.second)
        for _ in 0..<run.count {
            sum += first[0].widened * second[0].widened
            first += run.firstStep
            second += run.secondStep
        }
        sums[lane] = sum
        lane += 1
    }
}

/// `sums` plus the products of `count` pairs of numbers, all of which lie some step apart; 0 for the same number in all.
@inline(__always)
private func add<Element: TensorElement>(
    _ firsts: UnsafePointer<Element>, _ firstStep: Int, times seconds: UnsafePointer<Element>, _ secondStep: Int,
    to sums: UnsafeMutablePointer<Element.Accumulator>, _ sumStep: Int, count: Int
) {
    // Side by side in memory the compiler takes several at once.
    switch (firstStep, secondStep, sumStep) {
    case (0, 1, 1):
        let factor = firsts[0].widened
        for place in 0..<count { sums[place] += factor * seconds[place].widened }
    case (0, _, 1):
        let factor = firsts[0].widened
        for place in 0..<count { sums[place] += factor * seconds[place * secondStep].widened }
    case (1, 0, 1):
        let factor = seconds[0].widened
        for place in 0..<count { sums[place] += factor * firsts[place].widened }
    case (_, 0, 1):
        let factor = seconds[0].widened
        for place in 0..<count { sums[place] += factor * firsts[place * firstStep].widened }
    case (1, 1, 1):
        for place in 0..<count { sums[place] += firsts[place].widened * seconds[place].widened }
    default:
        for place in 0..<count {
            sums[place * sumStep] += firsts[place * firstStep].widened * seconds[place * secondStep].widened
        }
    }
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
