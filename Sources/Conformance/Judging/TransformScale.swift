internal import Convolution

/// The rounding errors that a convolution in a transformed domain (Winograd, FFT) may make in one case.
///
/// In units of the unit roundoff u, the largest error and the largest root mean square are
///
///     5 a T + (12 + 0.8 C) M      and      a T + (5 + 0.4 C) M,    T = sqrt(sum over c of (D[n, c] ||filter[:, :, c, f]||)^2)
///
/// with C = channels / groups, D[n, c] the largest |input[n, :, :, c]|, ||.|| the Euclidean norm, and M the largest
/// magnitude of the image's outputs of that filter.
///
/// The first term is of the transforms. They mix a whole tile or image, so an error follows the largest number that was
/// mixed in, even where no output's window sees it and it is in no M: at a stride larger than the kernel, or in a
/// corner. Channels err independently, so they add in quadrature. The factor a is that of the algorithm:
///
/// - Winograd: ``WinogradAmplification``, of rows times columns of its tile, the mean over a tile for the root mean
///   square and the largest for an element: 5 and 5 for F(2x2, 3x3), 32 and 94 for F(4x4, 3x3).
/// - FFT: 0.6 log2 N, where N is the number of points of a transform that holds the padded image, its extents doubled.
///   The bound that it comes from is log2 N (u + 4 sqrt(2) u) for each of three transforms, in the Euclidean norm
///   (N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., theorem 24.2), of which rounding errors
///   leave about a tenth; the errors of an image are spread evenly over it.
/// - a transform of unknown kind: the larger of FFT and of Winograd with tiles of 4 x 4 outputs.
///
/// The second term is of the summation over channels, and of what a transform adds where all numbers have one sign.
/// It is linear in C: where all channels are alike, so are their rounding errors.
///
/// FFTs often pack two images, channels or filters into one complex transform; so theirs is the largest scale of a case.
///
/// Measured on right transforms (F(2x2, 3x3), F(4x4, 3x3), FFT) over random geometries with C = 1 ... 256 and kernels
/// to 7 x 7, on numbers of mixed signs, of one sign, over 40 binades, sparse, with outliers, all alike, nearly alike, in
/// increasing order and graded over 30 binades: at most half of the limits. The golden suites catch the same transforms
/// with 18 significant bits in the place of 24.
///
/// A class, since every look at an ``Allowance`` that held it as a value would copy it.
final class TransformScale: Sendable {
    /// `[batch, filters]`: the largest error of an element.
    private let largest: [Double]
    /// `[batch, filters]`: the largest root mean square of errors.
    private let rootMeanSquare: [Double]
    private let filters: Int
    private let shape: Shape
    private let equivalent: ForwardEquivalent?

    /// The scale of a case; elements that are not finite do not count.
    init(_ golden: GoldenCase, geometry ofCase: Geometry, capabilities: Capabilities) {
        shape = ofCase.shape(of: golden.header.problem.operation.answer)
        // An output without elements may come of extents that cannot be counted through.
        equivalent = shape.checkedCount ?? 0 == 0 ? nil : ForwardEquivalent(golden)
        guard let equivalent else {
            (largest, rootMeanSquare, filters) = ([], [], 1)
            return
        }
        let geometry = equivalent.geometry
        filters = max(geometry.filters, 1)
        let leastNormal = capabilities.arithmetic.leastNormalMagnitude / capabilities.arithmetic.unitRoundoff
        var transforms = TransformScale.transforms(equivalent, leastNormal: leastNormal)
        var magnitudes = [Double](repeating: 0, count: geometry.batch * geometry.filters)
        for (offset, magnitude) in golden.output?.magnitude.elements.enumerated() ?? [].enumerated()
        where magnitude.isFinite {
            let place = equivalent.image(at: offset, in: shape) * filters + offset % filters
            magnitudes[place] = max(magnitudes[place], Double(magnitude))
        }
        if golden.output == nil {
            magnitudes = TransformScale.magnitudeBounds(equivalent)
        } else if golden.header.problem.types.output == .float64 {
            // They may be too small for float32, in which they are kept.
            magnitudes = zip(magnitudes, TransformScale.magnitudeBounds(equivalent)).map { min($0, $1) }
        }
        if capabilities.algorithm != .winograd {
            transforms = .init(repeating: transforms.max() ?? 0, count: transforms.count)
            magnitudes = .init(repeating: magnitudes.max() ?? 0, count: magnitudes.count)
        }
        let amplification = TransformScale.amplification(of: capabilities, geometry)
        let channels = Double(geometry.channelsPerGroup)
        // Times u at once: the sums of the largest numbers are beyond float64.
        let unitRoundoff = capabilities.arithmetic.unitRoundoff
        let scales = zip(transforms, magnitudes).map { ($0 * unitRoundoff, $1 * unitRoundoff) }
        largest = scales.map { 5 * amplification.largest * $0 + (12 + 0.8 * channels) * $1 }
        rootMeanSquare = scales.map { amplification.mean * $0 + (5 + 0.4 * channels) * $1 }
    }

    /// The largest error of the element at `offset` of the output.
    func largest(at offset: Int) -> Double {
        place(offset).map { largest[$0] } ?? 0
    }

    /// The largest root mean square of errors around the element at `offset` of the output.
    func rootMeanSquare(at offset: Int) -> Double {
        place(offset).map { rootMeanSquare[$0] } ?? 0
    }

    /// The image and the filter of the equivalent that an element of the answer belongs to.
    private func place(_ offset: Int) -> Int? {
        guard let equivalent else { return nil }
        return equivalent.image(at: offset, in: shape) * filters + offset % filters
    }

    /// The factor a, for a root mean square and for an element.
    private static func amplification(
        of capabilities: Capabilities, _ geometry: Geometry
    ) -> (mean: Double, largest: Double) {
        let isKnown = capabilities.algorithm == .winograd
        let tile = (isKnown ? capabilities.tile : nil) ?? Extent(height: 4, width: 4)
        let rows = WinogradAmplification(outputs: tile.height, kernel: geometry.kernelHeight)
        let columns = WinogradAmplification(outputs: tile.width, kernel: geometry.kernelWidth)
        let winograd = (mean: rows.mean * columns.mean, largest: rows.largest * columns.largest)
        let points = 4 * Double(geometry.paddedHeight) * Double(geometry.paddedWidth)
        let fft = 0.6 * Double.log2(max(points, 2))
        return switch capabilities.algorithm {
        case .winograd where capabilities.tile != nil: winograd
        case .fft: (fft, fft)
        default: (max(winograd.mean, fft), max(winograd.largest, fft))
        }
    }

    /// `[batch, filters]`: T. Both factors, and their sum, are raised by the smallest normal number, in units of u: below it
    /// transforms round absolutely, or flush to zero, however large the other factor is.
    private static func transforms(_ equivalent: ForwardEquivalent, leastNormal: Double) -> [Double] {
        let geometry = equivalent.geometry
        let channels = geometry.channelsPerGroup
        let largest = largestByChannel(equivalent.input).map { $0 == 0 ? 0 : $0 + leastNormal }
        let norms = normByChannel(equivalent.filter).map { $0 == 0 ? 0 : $0 + leastNormal }
        let underflow = Double(geometry.productsPerOutput) * leastNormal
        var transforms: [Double] = []
        transforms.reserveCapacity(geometry.batch * geometry.filters)
        for n in 0..<geometry.batch {
            for f in 0..<geometry.filters {
                let first = n * geometry.channels + geometry.firstChannel(ofFilter: f)
                let norm = (0..<channels).lazy.map { c in
                    let (image, weights) = (largest[first + c], norms[c * geometry.filters + f])
                    return image == 0 || weights == 0 ? 0 : image * weights
                }.norm
                transforms.append(norm == 0 ? 0 : norm + underflow)
            }
        }
        return transforms
    }

    /// `[batch, filters]`: what M is at most, where no magnitudes are at hand: the sum over c of D[n, c] times the sum of the
    /// filter's magnitudes in that channel, and the bias.
    private static func magnitudeBounds(_ equivalent: ForwardEquivalent) -> [Double] {
        let geometry = equivalent.geometry
        let (channels, filters) = (geometry.channelsPerGroup, geometry.filters)
        let largest = largestByChannel(equivalent.input)
        var sums = [Double](repeating: 0, count: channels * filters)
        for (offset, weight) in equivalent.filter.reordered(to: .logical).elements.enumerated() where weight.isFinite {
            sums[offset % sums.count] += weight.magnitude
        }
        return (0..<geometry.batch * filters).map { place in
            let (n, f) = place.quotientAndRemainder(dividingBy: filters)
            let first = n * geometry.channels + geometry.firstChannel(ofFilter: f)
            return (0..<channels).reduce(equivalent.bias?[f].magnitude ?? 0) {
                $0 + largest[first + $1] * sums[$1 * filters + f]
            }
        }
    }

    /// `[batch, channels]`: the largest |element| of each channel of each image.
    private static func largestByChannel(_ input: Tensor<Double>) -> [Double] {
        let (batch, channels) = (input.shape[0], input.shape[3])
        var largest = [Double](repeating: 0, count: batch * channels)
        let pixels = input.shape[1] * input.shape[2]
        for (offset, element) in input.reordered(to: .logical).elements.enumerated() where element.isFinite {
            let place = offset / (pixels * channels) * channels + offset % channels
            largest[place] = max(largest[place], element.magnitude)
        }
        return largest
    }

    /// `[channels / groups, filters]`: the Euclidean norm of each channel of each filter.
    private static func normByChannel(_ filter: Tensor<Double>) -> [Double] {
        let count = filter.shape[2] * filter.shape[3]
        let elements = filter.reordered(to: .logical).elements
        return (0..<count).map { place in
            stride(from: place, to: elements.count, by: count).lazy.map { elements[$0] }.filter(\.isFinite).norm
        }
    }
}

extension Sequence<Double> {
    /// The Euclidean norm, also where squares are beyond float64: they are those of multiples of a power of two.
    fileprivate var norm: Double {
        let unit = reduce(0) { Swift.max($0, $1.magnitude) }.binade
        if unit == 0 || !unit.isFinite { return unit }
        return unit * reduce(0) { $0 + ($1 / unit) * ($1 / unit) }.squareRoot()
    }
}

extension Geometry {
    /// Rows of the padded image, or of the kernel where that spans more.
    var paddedHeight: Int { max((outputHeight - 1) * strides.height + (kernelHeight - 1) * dilations.height + 1, 1) }
    /// Columns likewise.
    var paddedWidth: Int { max((outputWidth - 1) * strides.width + (kernelWidth - 1) * dilations.width + 1, 1) }
}

extension Double {
    /// The logarithm to base 2 of a number of 1 or more, rounded up to a whole number.
    fileprivate static func log2(_ number: Double) -> Double {
        Double(number.exponent) + (number.significand > 1 ? 1 : 0)
    }
}
