public import Conformance
public import Convolution

/// The matrix view in float32: patches gathered into a matrix, the filter flattened to another, and their product.
///
/// As TensorFlow documents `tf.nn.conv2d`, for each image and group:
///
/// 1. the filter is flattened to a matrix `[kernel height * kernel width * channels, filters]`;
/// 2. the input under the kernel is gathered to `[output height * output width, kernel height * kernel width * channels]`;
/// 3. the output is the product of the patches with the filter, plus the bias in each column.
///
/// Padding is gathered as zeros and multiplied, so that an infinite weight over a pad gives NaN.
public struct Im2colEngine: Engine, Sendable {
    public init() {}

    public var capabilities: Capabilities { .everyLayout }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let geometry = try problem.geometry(input: input, filter: filter, bias: bias)
        var output = Tensor<Float>(shape: geometry.outputShape) { _, _, _, f in bias?[f] ?? 0 }
        if !output.elements.isEmpty {
            output.elements.withUnsafeMutableBufferPointer { output in
                addProducts(
                    of: input.reordered(to: .logical).elements, and: filter.reordered(to: .logical).elements, geometry,
                    to: output.baseAddress!)
            }
        }
        return output.reordered(to: input.order)
    }

    /// Adds each image's patches times the filter to its output, group by group.
    ///
    /// All three lie in logical memory order; the output is not empty.
    private func addProducts(
        of input: [Float], and filter: [Float], _ geometry: Geometry, to output: UnsafeMutablePointer<Float>
    ) {
        let (pixels, taps) = (geometry.outputHeight * geometry.outputWidth, geometry.productsPerOutput)
        if taps == 0 { return }
        input.withUnsafeBufferPointer { input in
            filter.withUnsafeBufferPointer { filter in
                let gather = Patches(geometry: geometry, input: input)
                var patches = [Float](repeating: 0, count: pixels * taps)
                patches.withUnsafeMutableBufferPointer { patches in
                    for n in 0..<geometry.batch {
                        for group in 0..<geometry.groups {
                            gather.gather(image: n, group: group, into: patches.baseAddress!)
                            let firstFilter = group * geometry.filtersPerGroup
                            addProduct(
                                of: patches.baseAddress!, and: filter.baseAddress! + firstFilter,
                                to: output + n * pixels * geometry.filters + firstFilter,
                                rows: pixels, inner: taps, columns: geometry.filtersPerGroup, stride: geometry.filters)
                        }
                    }
                }
            }
        }
    }
}

/// product += left x right.
///
/// - Parameters:
///   - left: `[rows, inner]`, dense.
///   - right: `[inner, columns]`, `stride` elements from row to row.
///   - product: `[rows, columns]`, `stride` elements from row to row.
private func addProduct(
    of left: UnsafePointer<Float>, and right: UnsafePointer<Float>, to product: UnsafeMutablePointer<Float>,
    rows: Int, inner: Int, columns: Int, stride: Int
) {
    // So many rows of `right` at once stay in the cache while every row of `left` passes.
    let block = 128
    for firstInner in Swift.stride(from: 0, to: inner, by: block) {
        for row in 0..<rows {
            let sums = product + row * stride
            for k in firstInner..<min(firstInner + block, inner) {
                let factor = left[row * inner + k]
                let weights = right + k * stride
                for column in 0..<columns {
                    sums[column] += factor * weights[column]
                }
            }
        }
    }
}
