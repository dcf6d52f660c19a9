internal import ComplexModule
internal import Convolution
internal import ExactArithmetic

/// One convolution on its way through the frequency domain.
struct FourierCorrelation: ~Copyable {
    private let geometry: Geometry
    private let plane: FourierPlane
    /// The spectrum of one channel of one filter.
    private let weights: Scratch<Complex<Float>>
    /// `[images at once, channels / groups]`: the spectra of some images of the batch.
    private let spectra: Scratch<Complex<Float>>
    /// `[images at once]`: the sum over channels for one filter, conjugated.
    private let sums: Scratch<Complex<Float>>
    private let imagesAtOnce: Int

    /// - Parameter spectraLimit: complex numbers of transformed input that are held at once, unless one image has more;
    ///   it bounds the memory of a large batch.
    init(geometry: Geometry, spectraLimit: Int = 1 << 22) {
        self.geometry = geometry
        plane = FourierPlane(rows: geometry.reachedRows, columns: geometry.reachedColumns)
        let image = plane.frequencies * geometry.channelsPerGroup
        imagesAtOnce = min(geometry.batch, max(1, spectraLimit / image))
        weights = Scratch(repeating: .zero, count: plane.frequencies)
        spectra = Scratch(repeating: .zero, count: imagesAtOnce * image)
        sums = Scratch(repeating: .zero, count: imagesAtOnce * plane.frequencies)
    }

    /// Adds the convolution to an output that holds the bias; all in logical memory order, none empty.
    func add(
        _ input: UnsafePointer<Float>, with filter: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>
    ) {
        for first in stride(from: 0, to: geometry.batch, by: imagesAtOnce) {
            let images = min(imagesAtOnce, geometry.batch - first)
            let pixels = input + first * geometry.height * geometry.width * geometry.channels
            let results = output + first * geometry.outputHeight * geometry.outputWidth * geometry.filters
            for group in 0..<geometry.groups {
                transform(pixels, images: images, group: group)
                for f in group * geometry.filtersPerGroup..<(group + 1) * geometry.filtersPerGroup {
                    correlate(with: filter + f, images: images)
                    addPlanes(to: results + f, images: images)
                }
            }
        }
    }

    /// Puts the spectra of the channels of a group into `spectra`.
    private func transform(_ pixels: UnsafePointer<Float>, images: Int, group: Int) {
        let depth = geometry.channelsPerGroup
        let rows = geometry.reachedRows
        for n in 0..<images {
            for c in 0..<depth {
                let channel = pixels + n * geometry.height * geometry.width * geometry.channels + group * depth + c
                let spectrum = spectra.pointer + (n * depth + c) * plane.frequencies
                plane.transform(rows: rows, step: 1, to: spectrum) { plane in
                    for y in 0..<rows {
                        let row = y - geometry.pads.top
                        guard row >= 0, row < geometry.height else { continue }
                        for x in 0..<geometry.reachedColumns {
                            let column = x - geometry.pads.left
                            guard column >= 0, column < geometry.width else { continue }
                            plane[x * rows + y] = Complex(
                                channel[(row * geometry.width + column) * geometry.channels], 0)
                        }
                    }
                }
            }
        }
    }

    /// Puts conj(sum over channels of X[c] conj(W[c])) of each image into `sums`.
    ///
    /// - Parameter filter: the first weight of the filter, of `[kernel height, kernel width, channels / groups,
    ///   filters]`.
    private func correlate(with filter: UnsafePointer<Float>, images: Int) {
        let depth = geometry.channelsPerGroup
        sums.fill(with: .zero)
        for c in 0..<depth {
            plane.transform(
                rows: geometry.kernelHeight, step: geometry.dilations.height, to: weights.pointer
            ) { plane in
                for ky in 0..<geometry.kernelHeight {
                    for kx in 0..<geometry.kernelWidth {
                        let weight = filter[((ky * geometry.kernelWidth + kx) * depth + c) * geometry.filters]
                        plane[kx * geometry.dilations.width * geometry.kernelHeight + ky] = Complex(weight, 0)
                    }
                }
            }
            for n in 0..<images {
                let sum = sums.pointer + n * plane.frequencies
                let spectrum = spectra.pointer + (n * depth + c) * plane.frequencies
                for k in 0..<plane.frequencies {
                    sum[k] += spectrum[k].conjugate * weights.pointer[k]
                }
            }
        }
    }

    /// Transforms `sums` back and adds them, sampled at the strides, to one filter's elements of the output.
    private func addPlanes(to results: UnsafeMutablePointer<Float>, images: Int) {
        let rows = geometry.outputHeight
        for n in 0..<images {
            let values = plane.plane(
                ofConjugate: sums.pointer + n * plane.frequencies, rows: rows, step: geometry.strides.height)
            let result = results + n * rows * geometry.outputWidth * geometry.filters
            for y in 0..<rows {
                for x in 0..<geometry.outputWidth {
                    result[(y * geometry.outputWidth + x) * geometry.filters] +=
                        values[x * geometry.strides.width * rows + y].rawStorage.x
                }
            }
        }
    }
}

extension Geometry {
    /// Rows of the padded image that some window reaches.
    var reachedRows: Int {
        (outputHeight - 1) * strides.height + (kernelHeight - 1) * dilations.height + 1
    }

    /// Columns of the padded image that some window reaches.
    var reachedColumns: Int {
        (outputWidth - 1) * strides.width + (kernelWidth - 1) * dilations.width + 1
    }
}
