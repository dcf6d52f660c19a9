internal import Convolution

/// The scale T of the rounding errors that a convolution in a transformed domain (Winograd, FFT) makes in one case.
///
///     T = sqrt(sum over c of (largest |input[n, :, :, c]| ||filter[:, :, c, f]||)^2) + (sqrt(C) + 2) M / 48
///
/// with C = channels / groups, ||.|| the Euclidean norm, M the outputs' largest magnitude, and the sum the largest over
/// images n and filters f.
///
/// The first term is of the transforms. They mix a whole tile or image, so an error follows the largest number that was
/// mixed in, even where no output's window sees it and it is in no M: at a stride larger than the kernel, or in a
/// corner. The known bounds are norms of a channel's tile times that of its filter (Winograd: B. Barabasz, A. Anderson,
/// K. M. Soodhalter, D. Gregg, "Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural
/// Networks", arXiv:1803.10986; FFT: N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., 24.1).
/// Channels err independently, so they add in quadrature. Both factors are raised by the smallest normal number, below
/// which their transforms round absolutely, however large the other factor is.
///
/// The second term is of the summation over channels, and of what a long transform adds where all numbers have one
/// sign. As for a direct engine it grows with the square root of the number of terms, but only channels are terms here.
struct TransformScale {
    let value: Double

    /// The scale of a case; elements that are not finite do not count.
    ///
    /// - Parameter leastNormal: the smallest normal number of the arithmetic.
    init(_ golden: GoldenCase, output: GoldenCase.Output, geometry: Geometry, leastNormal: Double) {
        // An output without elements may come of extents that cannot be counted through.
        if output.expected.elements.isEmpty {
            value = 0
            return
        }
        let channels = geometry.channelsPerGroup
        let largest = TransformScale.largestByChannel(golden.input).map { $0 == 0 ? 0 : $0 + leastNormal }
        let norms = TransformScale.normByChannel(golden.filter).map { $0 == 0 ? 0 : $0 + leastNormal }
        var transforms = 0.0
        for n in 0..<geometry.batch {
            for f in 0..<geometry.filters {
                let first = n * geometry.channels + geometry.firstChannel(ofFilter: f)
                var sum = 0.0
                for c in 0..<channels {
                    let product = largest[first + c] * norms[c * geometry.filters + f]
                    sum += product * product
                }
                transforms = max(transforms, sum)
            }
        }
        let magnitude = output.magnitude.elements.reduce(Float(0)) { $1.isFinite ? max($0, $1) : $0 }
        value = transforms.squareRoot() + (Double(channels).squareRoot() + 2) * Double(magnitude) / 48
    }

    /// `[batch, channels]`: the largest |element| of each channel of each image.
    private static func largestByChannel(_ input: Tensor<Float>) -> [Double] {
        let (batch, channels) = (input.shape[0], input.shape[3])
        var largest = [Float](repeating: 0, count: batch * channels)
        let pixels = input.shape[1] * input.shape[2]
        for (offset, element) in input.reordered(to: .logical).elements.enumerated() where element.isFinite {
            let place = offset / (pixels * channels) * channels + offset % channels
            largest[place] = max(largest[place], element.magnitude)
        }
        return largest.map { Double($0) }
    }

    /// `[channels / groups, filters]`: the Euclidean norm of each channel of each filter.
    private static func normByChannel(_ filter: Tensor<Float>) -> [Double] {
        let count = filter.shape[2] * filter.shape[3]
        var squares = [Double](repeating: 0, count: count)
        for (offset, element) in filter.reordered(to: .logical).elements.enumerated() where element.isFinite {
            squares[offset % count] += Double(element) * Double(element)
        }
        return squares.map { $0.squareRoot() }
    }
}
