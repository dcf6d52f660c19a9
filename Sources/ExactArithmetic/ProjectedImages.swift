internal import Convolution

/// The sums of an output over the filters of each group, or of an input gradient over its channels, each times a number of
/// its own: see ``ProjectedAnswer``.
///
/// Pixels of an operand, the sources, are multiplied by the filter, and added to the pixels of the answer that they meet:
/// of a forward convolution those of the input, of an input gradient those of the output.
struct ProjectedImages {
    /// Numbers in a block of products, which stays in the cache.
    private static let blockNumbers = 1 << 16

    private let geometry: Geometry
    private let isForward: Bool
    private let source: CenteredNumbers
    private let sourceSize: Extent
    private let targetSize: Extent
    /// Channels of the source, or filters, in a group.
    private let depth: Int
    private let vectors: Int
    /// `[groups, depth, kernel height, kernel width, vectors]`.
    private let weights: [Double]
    /// `[groups, vectors]`.
    private let bias: [Double]

    /// - Parameter vectors: `[last extent of the answer, vectors]`.
    init(
        _ geometry: Geometry, _ operation: Convolution.Operation, _ operands: Operands, vectors: [Double],
        areMagnitudes: Bool
    ) {
        isForward = operation == .forward
        self.geometry = geometry
        source = CenteredNumbers(operation.factors[0], of: operands, areMagnitudes: areMagnitudes)
        let input = Extent(height: geometry.height, width: geometry.width)
        let output = Extent(height: geometry.outputHeight, width: geometry.outputWidth)
        (sourceSize, targetSize) = isForward ? (input, output) : (output, input)
        depth = isForward ? geometry.channelsPerGroup : geometry.filtersPerGroup
        let size = geometry.elementsPerGroup(of: operation)
        let count = vectors.count / (size * geometry.groups)
        self.vectors = count
        weights = Self.weights(
            geometry, isForward: isForward, CenteredNumbers(.filter, of: operands, areMagnitudes: areMagnitudes).all,
            vectors, count: count)
        var bias = [Double](repeating: 0, count: geometry.groups * count)
        for (place, number) in operands.bias?.doubles.elements.enumerated() ?? [].enumerated() {
            let number = areMagnitudes ? number.magnitude : number
            for vector in 0..<count {
                bias[place / size * count + vector] += number * vectors[place * count + vector]
            }
        }
        self.bias = bias
    }

    /// The filters of each group added up, or their channels.
    private static func weights(
        _ g: Geometry, isForward: Bool, _ filter: [Double], _ vectors: [Double], count: Int
    ) -> [Double] {
        let (taps, channels, filters) = (g.kernelHeight * g.kernelWidth, g.channelsPerGroup, g.filtersPerGroup)
        let (depth, size) = isForward ? (channels, filters) : (filters, channels)
        var weights = [Double](repeating: 0, count: g.groups * depth * taps * count)
        var sums = [Double](repeating: 0, count: depth * count)
        filter.withUnsafeBufferPointer { filter in
            vectors.withUnsafeBufferPointer { vectors in
                for group in 0..<g.groups {
                    for tap in 0..<taps {
                        MatrixProduct.shared.store(
                            filter.baseAddress! + tap * channels * g.filters + group * filters, leftStride: g.filters,
                            isTransposed: !isForward, times: vectors.baseAddress! + group * size * count,
                            rightStride: count, into: &sums, stride: count, rows: depth, inner: size, columns: count)
                        for row in 0..<depth {
                            for vector in 0..<count {
                                weights[((group * depth + row) * taps + tap) * count + vector] =
                                    sums[row * count + vector]
                            }
                        }
                    }
                }
            }
        }
        return weights
    }

    /// The sums of one image, `[height, width, groups, vectors]` of the answer.
    func sums(ofImage image: Int) -> [Double] {
        let (g, width) = (geometry, sourceSize.width)
        let (taps, channels) = (g.kernelHeight * g.kernelWidth, depth * g.groups)
        var sums: [Double] = []
        sums.reserveCapacity(targetSize.height * targetSize.width * bias.count)
        for _ in 0..<targetSize.height * targetSize.width { sums += bias }
        let row = Scratch<Double>(count: width * channels)
        let mostRows = max(1, Self.blockNumbers / max(width * g.kernelWidth * vectors, 1))
        let block = Scratch<Double>(count: width * min(mostRows, g.kernelHeight) * g.kernelWidth * vectors)
        weights.withUnsafeBufferPointer { weights in
            sums.withUnsafeMutableBufferPointer { sums in
                for y in 0..<sourceSize.height {
                    let runs = g.kernelRows(atMost: mostRows) { targetRow(y, $0) != nil }
                    if runs.isEmpty { continue }
                    source.copy(
                        from: (image * sourceSize.height + y) * width * channels, count: width * channels,
                        into: row.pointer)
                    for group in 0..<g.groups {
                        for run in runs {
                            let columns = run.count * g.kernelWidth * vectors
                            MatrixProduct.shared.store(
                                row.pointer + group * depth, leftStride: channels,
                                times: weights.baseAddress! + group * depth * taps * vectors
                                    + run.lowerBound * g.kernelWidth * vectors,
                                rightStride: taps * vectors, into: block.pointer, stride: columns, rows: width,
                                inner: depth, columns: columns)
                            for kernelRow in run {
                                add(
                                    block.pointer + (kernelRow - run.lowerBound) * g.kernelWidth * vectors,
                                    stride: columns,
                                    to: sums.baseAddress!
                                        + (targetRow(y, kernelRow) ?? 0) * targetSize.width * bias.count
                                        + group * vectors)
                            }
                        }
                    }
                }
            }
        }
        return sums
    }

    /// The row of the answer that a source's row meets through a row of the kernel.
    private func targetRow(_ y: Int, _ kernelRow: Int) -> Int? {
        isForward ? geometry.outputRow(y, kernelRow) : geometry.inputRow(y, kernelRow)
    }

    /// Adds a row's products, `[width, kernel width, vectors]`, to the sums of a row of the answer.
    private func add(_ products: UnsafePointer<Double>, stride: Int, to sums: UnsafeMutablePointer<Double>) {
        let step = geometry.strides.width
        for kernelColumn in 0..<geometry.kernelWidth {
            let columns = geometry.outputColumns(meeting: kernelColumn)
            if columns.isEmpty { continue }
            let input = columns.lowerBound * step + kernelColumn * geometry.dilations.width - geometry.pads.left
            let (first, target) = isForward ? (input, columns.lowerBound) : (columns.lowerBound, input)
            var from = products + first * stride + kernelColumn * vectors
            var to = sums + target * bias.count
            for _ in columns {
                for vector in 0..<vectors { to[vector] += from[vector] }
                from += (isForward ? step : 1) * stride
                to += (isForward ? 1 : step) * bias.count
            }
        }
    }
}
