public import Conformance
public import Convolution
internal import ExactArithmetic

/// The matrix view: patches gathered into a matrix, the filter flattened to another, and their product.
///
/// As TensorFlow documents `tf.nn.conv2d`, for each image and group:
///
/// 1. the filter is flattened to a matrix W `[kernel height * kernel width * channels, filters]`;
/// 2. the input under the kernel is gathered to P `[output height * output width, kernel height * kernel width * channels]`;
/// 3. the output is the product P W, plus the bias in each column.
///
/// With the output's gradient as a matrix G `[output height * output width, filters]` the gradient of the filter is the sum
/// of P^T G over images, and that of the input is G W^T, each row of which is added to the patch that it came from.
///
/// Padding is gathered as zeros and multiplied, so that an infinite weight over a pad gives NaN. Operands of 16 bits are
/// summed in float32, whole numbers in float64, which holds every sum.
public struct Im2colEngine: Engine, Sendable {
    public init() {}

    public var capabilities: Capabilities { .everything }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let geometry = try problem.geometry(input: input, filter: filter, bias: bias)
        return MatrixView<Float>(geometry).output(input, filter, bias).reordered(to: input.order)
    }

    public func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        let geometry = try problem.geometry(of: operands)
        let type = problem.types[problem.operation.answer]
        switch problem.types.output {
        case .float32, .float16, .bfloat16:
            let tensors = Role.allCases.map { operands[$0]?.singles }
            let sums = MatrixView<Float>(geometry).answer(problem.operation, tensors)
            return AnyTensor(narrowing: sums, to: type)
        case .float64:
            return .float64(
                MatrixView<Double>(geometry).answer(problem.operation, Role.allCases.map { operands[$0]?.doubles }))
        case .int8, .uint8, .int32:
            let quantization = operands.quantization!
            let input = operands.input!.wholeNumbers { _ in quantization.input.zeroPoints[0] }.map { Double($0) }
            let filter = operands.filter!.wholeNumbers { quantization.filterZeroPoint($0) }.map { Double($0) }
            var sums = MatrixView<Double>(geometry).output(input, filter, operands.bias?.doubles.elements)
            if let output = quantization.output {
                for place in sums.elements.indices {
                    let scale =
                        Double(quantization.input.scales[0])
                        * Double(quantization.filterScale(place % geometry.filters))
                    let scaled = (sums.elements[place] * scale / Double(output.scales[0])).rounded(.toNearestOrEven)
                    sums.elements[place] = scaled + Double(output.zeroPoints[0])
                }
            }
            return AnyTensor(nearest: sums.elements, type: type, shape: sums.shape)
        }
    }
}

/// The matrices of one convolution, in the arithmetic of a type.
private struct MatrixView<Number: BinaryFloatingPoint & Sendable> {
    let geometry: Geometry

    init(_ geometry: Geometry) {
        self.geometry = geometry
    }

    private var pixels: Int { geometry.outputHeight * geometry.outputWidth }
    private var taps: Int { geometry.productsPerOutput }

    /// - Parameter tensors: input, filter, bias, output, as far as the operation has them.
    func answer(_ operation: Operation, _ tensors: [Tensor<Number>?]) -> Tensor<Number> {
        switch operation {
        case .forward: output(tensors[0]!, tensors[1]!, tensors[2]?.elements)
        case .inputGradient: inputGradient(tensors[3]!, tensors[1]!, tensors[2]?.elements)
        case .filterGradient: filterGradient(tensors[0]!, tensors[3]!)
        case .biasGradient: biasGradient(tensors[3]!)
        }
    }

    func output(_ input: Tensor<Number>, _ filter: Tensor<Number>, _ bias: [Number]?) -> Tensor<Number> {
        var output = Tensor<Number>(shape: geometry.outputShape) { _, _, _, f in bias?[f] ?? 0 }
        if output.elements.isEmpty || taps == 0 { return output }
        let filter = filter.reordered(to: .logical).elements
        output.elements.withUnsafeMutableBufferPointer { output in
            filter.withUnsafeBufferPointer { filter in
                forEachPatches(input) { n, group, patches in
                    let firstFilter = group * geometry.filtersPerGroup
                    addProduct(
                        of: patches, filter.baseAddress! + firstFilter, rightStride: geometry.filters,
                        to: output.baseAddress! + n * pixels * geometry.filters + firstFilter, stride: geometry.filters,
                        rows: pixels, inner: taps, columns: geometry.filtersPerGroup)
                }
            }
        }
        return output
    }

    private func filterGradient(_ input: Tensor<Number>, _ output: Tensor<Number>) -> Tensor<Number> {
        var gradient = Tensor<Number>(repeating: 0, shape: geometry.shape(of: .filter))
        if gradient.elements.isEmpty || output.elements.isEmpty { return gradient }
        let output = output.reordered(to: .logical).elements
        gradient.elements.withUnsafeMutableBufferPointer { gradient in
            output.withUnsafeBufferPointer { output in
                var transposed = [Number](repeating: 0, count: pixels * taps)
                forEachPatches(input) { n, group, patches in
                    for pixel in 0..<pixels {
                        for tap in 0..<taps { transposed[tap * pixels + pixel] = patches[pixel * taps + tap] }
                    }
                    let firstFilter = group * geometry.filtersPerGroup
                    addProduct(
                        of: transposed, output.baseAddress! + n * pixels * geometry.filters + firstFilter,
                        rightStride: geometry.filters, to: gradient.baseAddress! + firstFilter,
                        stride: geometry.filters,
                        rows: taps, inner: pixels, columns: geometry.filtersPerGroup)
                }
            }
        }
        return gradient
    }

    private func inputGradient(
        _ output: Tensor<Number>, _ filter: Tensor<Number>, _ bias: [Number]?
    ) -> Tensor<Number> {
        var gradient = Tensor<Number>(repeating: 0, shape: geometry.shape(of: .input))
        let (output, filter) = (output.reordered(to: .logical), filter.reordered(to: .logical))
        let columns = geometry.filtersPerGroup
        if !gradient.elements.isEmpty, !output.elements.isEmpty {
            // W^T of each group: a row for each filter.
            let transposed = (0..<geometry.filters).flatMap { f in
                (0..<taps).map { filter.elements[$0 * geometry.filters + f] }
            }
            var patches = [Number](repeating: 0, count: pixels * taps)
            for n in 0..<geometry.batch {
                for group in 0..<geometry.groups {
                    let rows = (0..<pixels).flatMap { pixel in
                        let first = (n * pixels + pixel) * geometry.filters + group * columns
                        return output.elements[first..<first + columns]
                    }
                    for place in patches.indices { patches[place] = 0 }
                    transposed.withUnsafeBufferPointer { transposed in
                        patches.withUnsafeMutableBufferPointer { patches in
                            addProduct(
                                of: rows, transposed.baseAddress! + group * columns * taps, rightStride: taps,
                                to: patches.baseAddress!, stride: taps, rows: pixels, inner: columns, columns: taps)
                        }
                    }
                    scatter(patches, image: n, group: group, into: &gradient)
                }
            }
        }
        if let bias {
            for place in gradient.elements.indices { gradient.elements[place] += bias[place % geometry.channels] }
        }
        return gradient
    }

    /// Adds every patch to the place that it would have been gathered from: col2im.
    private func scatter(_ patches: [Number], image n: Int, group: Int, into gradient: inout Tensor<Number>) {
        var place = 0
        for y in 0..<geometry.outputHeight {
            for x in 0..<geometry.outputWidth {
                for ky in 0..<geometry.kernelHeight {
                    for kx in 0..<geometry.kernelWidth {
                        if let row = geometry.inputRow(y, ky), let column = geometry.inputColumn(x, kx) {
                            for c in 0..<geometry.channelsPerGroup {
                                gradient[n, row, column, group * geometry.channelsPerGroup + c] += patches[place + c]
                            }
                        }
                        place += geometry.channelsPerGroup
                    }
                }
            }
        }
    }

    private func biasGradient(_ output: Tensor<Number>) -> Tensor<Number> {
        var gradient = Tensor<Number>(repeating: 0, shape: geometry.shape(of: .bias))
        for (place, number) in output.reordered(to: .logical).elements.enumerated() {
            gradient.elements[place % geometry.filters] += number
        }
        return gradient
    }

    /// Calls `body` with the patches of each image and group, `[output height * output width, taps]`.
    private func forEachPatches(
        _ input: Tensor<Number>, _ body: (_ n: Int, _ group: Int, _ patches: UnsafePointer<Number>) -> Void
    ) {
        let input = input.reordered(to: .logical).elements
        input.withUnsafeBufferPointer { input in
            let gather = Patches(geometry: geometry, input: input)
            let patches = Scratch<Number>(repeating: 0, count: pixels * taps)
            for n in 0..<geometry.batch {
                for group in 0..<geometry.groups {
                    gather.gather(image: n, group: group, into: patches.pointer)
                    body(n, group, patches.pointer)
                }
            }
        }
    }
}

/// product += left x right.
///
/// - Parameters:
///   - left: `[rows, inner]`, dense.
///   - right: `[inner, columns]`, `rightStride` elements from row to row.
///   - product: `[rows, columns]`, `stride` elements from row to row.
private func addProduct<Number: BinaryFloatingPoint>(
    of left: UnsafePointer<Number>, _ right: UnsafePointer<Number>, rightStride: Int,
    to product: UnsafeMutablePointer<Number>, stride: Int, rows: Int, inner: Int, columns: Int
) {
    // So many rows of `right` at once stay in the cache while every row of `left` passes.
    let block = 128
    for firstInner in Swift.stride(from: 0, to: inner, by: block) {
        for row in 0..<rows {
            let sums = product + row * stride
            for k in firstInner..<min(firstInner + block, inner) {
                let factor = left[row * inner + k]
                let weights = right + k * rightStride
                for column in 0..<columns {
                    sums[column] += factor * weights[column]
                }
            }
        }
    }
}
