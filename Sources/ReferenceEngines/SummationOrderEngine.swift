public import Conformance
public import Convolution
internal import ExactArithmetic

/// A direct convolution in float32 that adds up each element's products in a given order.
///
/// Products are ordered by kernel row, kernel column, channel. Padding is multiplied as zeros.
public struct SummationOrderEngine: Engine, Sendable {
    public let order: SummationOrder

    public init(_ order: SummationOrder) {
        self.order = order
    }

    public var capabilities: Capabilities { .everyLayout }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let geometry = try problem.geometry(input: input, filter: filter, bias: bias)
        var output = Tensor<Float>(shape: geometry.outputShape) { _, _, _, f in bias?[f] ?? 0 }
        if output.elements.isEmpty || geometry.productsPerOutput == 0 { return output.reordered(to: input.order) }
        // Filter by filter, each as the row of a matrix in the order of a patch.
        let weights = filter.reordered(to: FilterLayout.ohwi.order).elements
        input.reordered(to: .logical).elements.withUnsafeBufferPointer { input in
            weights.withUnsafeBufferPointer { weights in
                output.elements.withUnsafeMutableBufferPointer { output in
                    add(
                        Patches(geometry: geometry, input: input), times: weights.baseAddress!,
                        to: output.baseAddress!)
                }
            }
        }
        return output.reordered(to: input.order)
    }

    /// Puts the sums in the place of `output`, which holds the bias.
    private func add(
        _ patches: Patches<Float>, times weights: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>
    ) {
        let geometry = patches.geometry
        let taps = geometry.productsPerOutput
        let row = Scratch<Float>(repeating: 0, count: geometry.outputWidth * taps)
        for n in 0..<geometry.batch {
            for y in 0..<geometry.outputHeight {
                let pixels = output + (n * geometry.outputHeight + y) * geometry.outputWidth * geometry.filters
                for group in 0..<geometry.groups {
                    patches.gather(image: n, outputRow: y, group: group, into: row.pointer)
                    for x in 0..<geometry.outputWidth {
                        for f in group * geometry.filtersPerGroup..<(group + 1) * geometry.filtersPerGroup {
                            let sum = pixels + x * geometry.filters + f
                            sum.pointee = order.sum(
                                row.pointer + x * taps, weights + f * taps, count: taps, bias: sum.pointee)
                        }
                    }
                }
            }
        }
    }
}
