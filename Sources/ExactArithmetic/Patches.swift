package import Convolution

/// Gathers the input under the kernel into rows of a matrix: im2col.
///
/// A patch has kernel height x kernel width x channels / groups elements, in this order, with zeros for padding. Times
/// the filter of the same group as a matrix it gives one output pixel.
package struct Patches<Element: AdditiveArithmetic> {
    package let geometry: Geometry
    /// `[batch, height, width, channels]`, dense in logical order.
    package let input: UnsafeBufferPointer<Element>

    package init(geometry: Geometry, input: UnsafeBufferPointer<Element>) {
        self.geometry = geometry
        self.input = input
    }

    /// Gathers the patches of output row `y` of image `n`, seen by the filters of `group`.
    ///
    /// - Parameter patches: room for `[output width, kernel height, kernel width, channels / groups]`, initialized.
    package func gather(image n: Int, outputRow y: Int, group: Int, into patches: UnsafeMutablePointer<Element>) {
        let depth = geometry.channelsPerGroup
        guard depth > 0, let input = input.baseAddress else { return }
        var patch = patches
        for x in 0..<geometry.outputWidth {
            for ky in 0..<geometry.kernelHeight {
                let row = geometry.inputRow(y, ky)
                for kx in 0..<geometry.kernelWidth {
                    if let row, let column = geometry.inputColumn(x, kx) {
                        let pixel = (n * geometry.height + row) * geometry.width + column
                        patch.update(from: input + pixel * geometry.channels + group * depth, count: depth)
                    } else {
                        patch.update(repeating: .zero, count: depth)
                    }
                    patch += depth
                }
            }
        }
    }

    /// Gathers all patches of image `n`, seen by the filters of `group`.
    ///
    /// - Parameter patches: room for `[output height, output width, kernel height, kernel width, channels / groups]`.
    package func gather(image n: Int, group: Int, into patches: UnsafeMutablePointer<Element>) {
        for y in 0..<geometry.outputHeight {
            gather(
                image: n, outputRow: y, group: group,
                into: patches + y * geometry.outputWidth * geometry.productsPerOutput)
        }
    }
}
