public import Conformance
public import Convolution
internal import ExactArithmetic

/// The matrix view: patches gathered into a matrix, the filter flattened to another, and their product.
///
/// As TensorFlow documents `tf.nn.conv2d`, for each group:
///
/// 1. the filter is flattened to a matrix W `[kernel height * kernel width * channels, filters]`;
/// 2. the input under the kernel is gathered to P `[output pixels, kernel height * kernel width * channels]`, some rows at a
///    time;
/// 3. the output is the product P W, plus the bias in each column.
///
/// With the output's gradient as a matrix G `[output pixels, filters]` the gradient of the filter is P^T G, summed over the
/// blocks of rows, and that of the input is G W^T, each row of which is added to the patch that it came from. The matrices
/// are multiplied by a BLAS, where the machine has one.
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
        switch problem.types.kind {
        case .floating(let type) where type != .float64:
            let tensors = Role.allCases.map { operands[$0]?.singles }
            let sums = MatrixView<Float>(geometry).answer(problem.operation, tensors)
            return AnyTensor(narrowing: sums, to: type)
        case .floating:
            return .float64(
                MatrixView<Double>(geometry).answer(problem.operation, Role.allCases.map { operands[$0]?.doubles }))
        case .integer, .quantized, nil:
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
private struct MatrixView<Number: MatrixNumber> {
    let geometry: Geometry

    init(_ geometry: Geometry) {
        self.geometry = geometry
    }

    /// Numbers in a block of patches.
    private static var blockNumbers: Int { 1 << 18 }

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
        var output = Tensor<Number>(repeating: 0, shape: geometry.outputShape)
        if output.elements.isEmpty { return output }
        let filter = filter.reordered(to: .logical).elements
        output.elements.withUnsafeMutableBufferPointer { output in
            if let bias { addRows(bias, to: output) }
            if taps == 0 { return }
            filter.withUnsafeBufferPointer { filter in
                forEachPatches(input) { sites, group, patches in
                    let firstFilter = group * geometry.filtersPerGroup
                    MatrixProduct.shared.store(
                        patches, leftStride: taps, times: filter.baseAddress! + firstFilter,
                        rightStride: geometry.filters,
                        into: output.baseAddress! + sites.lowerBound * geometry.filters + firstFilter,
                        stride: geometry.filters, adds: true, rows: sites.count, inner: taps,
                        columns: geometry.filtersPerGroup)
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
                forEachPatches(input) { sites, group, patches in
                    let firstFilter = group * geometry.filtersPerGroup
                    MatrixProduct.shared.store(
                        patches, leftStride: taps, isTransposed: true,
                        times: output.baseAddress! + sites.lowerBound * geometry.filters + firstFilter,
                        rightStride: geometry.filters, into: gradient.baseAddress! + firstFilter,
                        stride: geometry.filters, adds: true, rows: taps, inner: sites.count,
                        columns: geometry.filtersPerGroup)
                }
            }
        }
        return gradient
    }

    private func inputGradient(
        _ output: Tensor<Number>, _ filter: Tensor<Number>, _ bias: [Number]?
    ) -> Tensor<Number> {
        var gradient = Tensor<Number>(repeating: 0, shape: geometry.shape(of: .input))
        if gradient.elements.isEmpty { return gradient }
        let (output, filter) = (output.reordered(to: .logical).elements, filter.reordered(to: .logical).elements)
        let columns = geometry.filtersPerGroup
        // W^T of each group: a row for each filter.
        var transposed = [Number](repeating: 0, count: filter.count)
        for tap in 0..<taps {
            for f in 0..<geometry.filters { transposed[f * taps + tap] = filter[tap * geometry.filters + f] }
        }
        gradient.elements.withUnsafeMutableBufferPointer { gradient in
            if !output.isEmpty {
                forEachBlock { sites, group, patches in
                    transposed.withUnsafeBufferPointer { transposed in
                        output.withUnsafeBufferPointer { output in
                            MatrixProduct.shared.store(
                                output.baseAddress! + sites.lowerBound * geometry.filters + group * columns,
                                leftStride: geometry.filters,
                                times: transposed.baseAddress! + group * columns * taps, rightStride: taps,
                                into: patches, stride: taps, rows: sites.count, inner: columns, columns: taps)
                        }
                    }
                    scatter(patches, sites: sites, group: group, into: gradient.baseAddress!)
                }
            }
            if let bias { addRows(bias, to: gradient) }
        }
        return gradient
    }

    /// Adds every patch to the place that it would have been gathered from: col2im.
    private func scatter(
        _ patches: UnsafePointer<Number>, sites: Range<Int>, group: Int, into gradient: UnsafeMutablePointer<Number>
    ) {
        let depth = geometry.channelsPerGroup
        var patch = patches
        for site in sites {
            let (n, y, x) = (site / pixels, site % pixels / geometry.outputWidth, site % geometry.outputWidth)
            for ky in 0..<geometry.kernelHeight {
                for kx in 0..<geometry.kernelWidth {
                    if let row = geometry.inputRow(y, ky), let column = geometry.inputColumn(x, kx) {
                        let pixel = (n * geometry.height + row) * geometry.width + column
                        let sums = gradient + pixel * geometry.channels + group * depth
                        for c in 0..<depth { sums[c] += patch[c] }
                    }
                    patch += depth
                }
            }
        }
    }

    /// Adds a bias to each pixel.
    private func addRows(_ bias: [Number], to sums: UnsafeMutableBufferPointer<Number>) {
        for first in stride(from: 0, to: sums.count, by: bias.count) {
            for (place, number) in bias.enumerated() { sums[first + place] += number }
        }
    }

    private func biasGradient(_ output: Tensor<Number>) -> Tensor<Number> {
        var gradient = Tensor<Number>(repeating: 0, shape: geometry.shape(of: .bias))
        for (place, number) in output.reordered(to: .logical).elements.enumerated() {
            gradient.elements[place % geometry.filters] += number
        }
        return gradient
    }

    /// Calls `body` with some output pixels, counted over all images, a group, and their patches, `[pixels, taps]`.
    private func forEachPatches(
        _ input: Tensor<Number>, _ body: (_ sites: Range<Int>, _ group: Int, _ patches: UnsafePointer<Number>) -> Void
    ) {
        let gather = Patches(geometry)
        input.reordered(to: .logical).elements.withUnsafeBufferPointer { input in
            forEachBlock { sites, group, patches in
                gather.gather(input.baseAddress!, sites: sites, group: group, into: patches)
                body(sites, group, patches)
            }
        }
    }

    /// Calls `body` with some output pixels, a group, and room for their patches, which stays in a core's cache.
    private func forEachBlock(
        _ body: (_ sites: Range<Int>, _ group: Int, _ patches: UnsafeMutablePointer<Number>) -> Void
    ) {
        let sites = geometry.batch * pixels
        let most = max(1, min(sites, max(256, Self.blockNumbers / taps)))
        let patches = Scratch<Number>(repeating: 0, count: most * taps)
        for first in stride(from: 0, to: sites, by: most) {
            for group in 0..<geometry.groups { body(first..<min(first + most, sites), group, patches.pointer) }
        }
    }
}
