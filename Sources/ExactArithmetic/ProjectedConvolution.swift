public import Convolution

/// A forward convolution whose filters are added up, group by group, each times a number of its own: what the elements of
/// an output add up to, times the same numbers, at the price of one filter.
///
///     sum over f of v[f] output[n, y, x, f]  =  input window  x  sum over f of v[f] filter[.., f]  +  sum of v[f] bias[f]
///
/// Source: R. Freivalds, "Probabilistic machines can use less running time", IFIP Congress 1977, for the product of two
/// matrices; a convolution is one of patches and filters.
///
/// Sums are formed in float64. They are exact where all numbers are whole and the sum of the magnitudes of an element's
/// products, times the largest |v| and the filters of a group, is at most 2^53; else a sum of n = K + F products and
/// additions has an error of at most n u / (1 - n u) times that of their magnitudes, with u = 2^-53.
public struct ProjectedConvolution: Sendable {
    /// Numbers in a block of products, which stays in the cache.
    private static let blockNumbers = 1 << 16

    private let geometry: Geometry
    private let input: AnyTensor
    /// How many vectors there are.
    public let vectors: Int
    private let areMagnitudes: Bool
    /// `[groups, channels / groups, kernel height, kernel width, vectors]`.
    private let weights: [Double]
    /// `[groups, vectors]`.
    private let bias: [Double]

    /// - Parameters:
    ///   - problem: of a forward convolution, with the geometry that it has.
    ///   - operands: with the input in logical memory order.
    ///   - vectors: `[filters, vectors]`.
    ///   - areMagnitudes: whether magnitudes are multiplied and added in the place of the operands' numbers.
    public init(_ geometry: Geometry, _ operands: Operands, vectors: [Double], areMagnitudes: Bool = false) {
        guard let input = operands.input, let filter = operands.filter, input.order == .logical else {
            preconditionFailure("a forward convolution has an input, in logical order, and a filter")
        }
        let (filters, groups) = (geometry.filters, geometry.groups)
        let (count, size) = (vectors.count / filters, geometry.filtersPerGroup)
        (self.geometry, self.input, self.vectors, self.areMagnitudes) = (geometry, input, count, areMagnitudes)
        func numbers(_ tensor: AnyTensor) -> [Double] {
            let numbers = tensor.reordered(to: .logical).doubles.elements
            return areMagnitudes ? numbers.map(\.magnitude) : numbers
        }
        let (taps, channels) = (geometry.kernelHeight * geometry.kernelWidth, geometry.channelsPerGroup)
        let factor = numbers(filter)
        var sums = [Double](repeating: 0, count: taps * channels * count)
        var weights = [Double](repeating: 0, count: groups * channels * taps * count)
        for group in 0..<groups {
            factor.withUnsafeBufferPointer { factor in
                vectors.withUnsafeBufferPointer { vectors in
                    MatrixProduct.shared.store(
                        factor.baseAddress! + group * size, leftStride: filters,
                        times: vectors.baseAddress! + group * size * count, rightStride: count, into: &sums,
                        stride: count, rows: taps * channels, inner: size, columns: count)
                }
            }
            for tap in 0..<taps {
                for channel in 0..<channels {
                    for vector in 0..<count {
                        weights[((group * channels + channel) * taps + tap) * count + vector] =
                            sums[(tap * channels + channel) * count + vector]
                    }
                }
            }
        }
        self.weights = weights
        var bias = [Double](repeating: 0, count: groups * count)
        for (filter, number) in operands.bias.map(numbers)?.enumerated() ?? [].enumerated() {
            for vector in 0..<count {
                bias[filter / size * count + vector] += number * vectors[filter * count + vector]
            }
        }
        self.bias = bias
    }

    /// The sums of one image, `[output height, output width, groups, vectors]`.
    public func sums(ofImage image: Int) -> [Double] {
        let g = geometry
        let (channels, taps) = (g.channelsPerGroup, g.kernelHeight * g.kernelWidth)
        var sums: [Double] = []
        sums.reserveCapacity(g.outputHeight * g.outputWidth * bias.count)
        for _ in 0..<g.outputHeight * g.outputWidth { sums += bias }
        let row = Scratch<Double>(count: g.width * g.channels)
        let mostRows = max(1, Self.blockNumbers / max(g.width * g.kernelWidth * vectors, 1))
        let block = Scratch<Double>(count: g.width * min(mostRows, g.kernelHeight) * g.kernelWidth * vectors)
        weights.withUnsafeBufferPointer { weights in
            sums.withUnsafeMutableBufferPointer { sums in
                for y in 0..<g.height {
                    let runs = kernelRows(over: y, atMost: mostRows)
                    if runs.isEmpty { continue }
                    store(image: image, row: y, into: row.pointer)
                    for group in 0..<g.groups {
                        for run in runs {
                            let columns = run.count * g.kernelWidth * vectors
                            MatrixProduct.shared.store(
                                row.pointer + group * channels, leftStride: g.channels,
                                times: weights.baseAddress! + group * channels * taps * vectors
                                    + run.lowerBound * g.kernelWidth * vectors,
                                rightStride: taps * vectors, into: block.pointer, stride: columns, rows: g.width,
                                inner: channels, columns: columns)
                            for kernelRow in run {
                                add(
                                    block.pointer + (kernelRow - run.lowerBound) * g.kernelWidth * vectors,
                                    stride: columns,
                                    to: sums.baseAddress!
                                        + (outputRow(over: y, kernelRow) ?? 0) * g.outputWidth * bias.count
                                        + group * vectors)
                            }
                        }
                    }
                }
            }
        }
        return sums
    }

    private func store(image: Int, row: Int, into numbers: UnsafeMutablePointer<Double>) {
        let count = geometry.width * geometry.channels
        input.copy(from: (image * geometry.height + row) * count, count: count, into: numbers)
        if areMagnitudes {
            for place in 0..<count { numbers[place] = numbers[place].magnitude }
        }
    }

    /// The output row that sees an input row through a row of the kernel.
    private func outputRow(over y: Int, _ kernelRow: Int) -> Int? {
        let distance = y + geometry.pads.top - kernelRow * geometry.dilations.height
        let (row, rest) = distance.quotientAndRemainder(dividingBy: geometry.strides.height)
        return distance >= 0 && rest == 0 && row < geometry.outputHeight ? row : nil
    }

    /// The rows of the kernel through which an input row is seen, in runs of neighbours.
    private func kernelRows(over y: Int, atMost most: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for kernelRow in 0..<geometry.kernelHeight where outputRow(over: y, kernelRow) != nil {
            if let last = runs.last, last.upperBound == kernelRow, last.count < most {
                runs[runs.count - 1] = last.lowerBound..<kernelRow + 1
            } else {
                runs.append(kernelRow..<kernelRow + 1)
            }
        }
        return runs
    }

    /// Adds an input row's products, `[width, kernel width, vectors]`, to the sums of an output row.
    private func add(_ products: UnsafePointer<Double>, stride: Int, to sums: UnsafeMutablePointer<Double>) {
        let g = geometry
        for kernelColumn in 0..<g.kernelWidth {
            let offset = kernelColumn * g.dilations.width - g.pads.left
            let first = offset >= 0 ? 0 : (-offset + g.strides.width - 1) / g.strides.width
            let end = offset >= g.width ? 0 : min((g.width - 1 - offset) / g.strides.width + 1, g.outputWidth)
            var from = products + (first * g.strides.width + offset) * stride + kernelColumn * vectors
            var to = sums + first * bias.count
            for _ in first..<max(first, end) {
                for vector in 0..<vectors { to[vector] += from[vector] }
                from += g.strides.width * stride
                to += bias.count
            }
        }
    }
}
