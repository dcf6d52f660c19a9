public import Conformance
public import Convolution

/// Convolution in the frequency domain, in float32, with every stride, dilation, pad, group and bias.
///
/// By the correlation theorem, for the spectra X of the padded image and W of the dilated filter in each channel c,
///
///     output = inverse transform of ( sum over c of X[c] conj(W[c]) )
///
/// with the channels summed in the frequency domain. The correlation is at stride 1 and circular: on a plane no smaller
/// than the padded image what is wanted of it does not wrap around, and is sampled at the strides.
///
/// What is not finite spreads over its image. Source: M. Mathieu, M. Henaff, Y. LeCun, "Fast
/// Training of Convolutional Networks through FFTs", ICLR 2014, arXiv:1312.5851.
public struct FFTEngine: Engine, Sendable {
    public init() {}

    public var capabilities: Capabilities {
        var capabilities = Capabilities.everyLayout
        capabilities.algorithm = .fft
        return capabilities
    }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let geometry = try problem.geometry(input: input, filter: filter, bias: bias)
        var output = Tensor<Float>(shape: geometry.outputShape) { _, _, _, f in bias?[f] ?? 0 }
        if output.elements.isEmpty || geometry.productsPerOutput == 0 { return output.reordered(to: input.order) }
        let correlation = FourierCorrelation(geometry: geometry)
        input.reordered(to: .logical).elements.withUnsafeBufferPointer { input in
            filter.reordered(to: .logical).elements.withUnsafeBufferPointer { filter in
                output.elements.withUnsafeMutableBufferPointer { output in
                    correlation.add(input.baseAddress!, with: filter.baseAddress!, to: output.baseAddress!)
                }
            }
        }
        return output.reordered(to: input.order)
    }
}
