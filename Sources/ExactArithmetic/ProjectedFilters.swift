internal import Convolution

/// The sums of a filter gradient over the filters of each group, each times a number of its own: see ``ProjectedAnswer``.
struct ProjectedFilters {
    /// Numbers in a block of the second factor, which stays in the cache.
    private static let blockNumbers = 1 << 16

    private let geometry: Geometry
    private let input: CenteredNumbers
    private let output: CenteredNumbers
    /// `[filters, vectors]`.
    private let vectors: [Double]
    private let count: Int

    init(_ geometry: Geometry, _ operands: Operands, vectors: [Double], areMagnitudes: Bool) {
        self.geometry = geometry
        input = CenteredNumbers(.input, of: operands, areMagnitudes: areMagnitudes)
        output = CenteredNumbers(.output, of: operands, areMagnitudes: areMagnitudes)
        self.vectors = vectors
        count = vectors.count / geometry.filters
    }

    /// `[kernel height][kernel width, channels / groups, groups, vectors]`.
    func sums() -> [[Double]] {
        let g = geometry
        let (channels, taps) = (g.channelsPerGroup, g.kernelHeight * g.kernelWidth)
        // [groups, channels / groups, kernel height, kernel width, vectors]
        let sums = Scratch(repeating: 0.0, count: g.channels * taps * count)
        let row = Scratch<Double>(count: g.width * g.channels)
        let mostRows = max(1, Self.blockNumbers / max(g.width * g.kernelWidth * count, 1))
        let block = Scratch<Double>(count: g.width * min(mostRows, g.kernelHeight) * g.kernelWidth * count)
        let projected = Scratch<Double>(count: g.outputHeight * g.outputWidth * g.groups * count)
        for image in 0..<g.batch {
            project(image: image, into: projected.pointer)
            for y in 0..<g.height {
                let runs = g.kernelRows(atMost: mostRows) { g.outputRow(y, $0) != nil }
                if runs.isEmpty { continue }
                input.copy(
                    from: (image * g.height + y) * g.width * g.channels, count: g.width * g.channels, into: row.pointer)
                for group in 0..<g.groups {
                    for run in runs {
                        let columns = run.count * g.kernelWidth * count
                        gather(projected.pointer, run, over: y, group: group, into: block.pointer)
                        MatrixProduct.shared.store(
                            row.pointer + group * channels, leftStride: g.channels, isTransposed: true,
                            times: block.pointer, rightStride: columns,
                            into: sums.pointer + (group * channels * taps + run.lowerBound * g.kernelWidth) * count,
                            stride: taps * count, adds: true, rows: channels, inner: g.width, columns: columns)
                    }
                }
            }
        }
        return (0..<g.kernelHeight).map { kernelRow in
            var slice: [Double] = []
            slice.reserveCapacity(g.kernelWidth * g.channels * count)
            for kernelColumn in 0..<g.kernelWidth {
                for place in 0..<g.channels {
                    let (channel, group) = place.quotientAndRemainder(dividingBy: g.groups)
                    let tap = (group * channels + channel) * taps + kernelRow * g.kernelWidth + kernelColumn
                    for vector in 0..<count { slice.append(sums.pointer[tap * count + vector]) }
                }
            }
            return slice
        }
    }

    /// The gradient of one image with its filters added up, `[output height, output width, groups, vectors]`.
    private func project(image: Int, into projected: UnsafeMutablePointer<Double>) {
        let (g, size) = (geometry, geometry.filtersPerGroup)
        let row = Scratch<Double>(count: g.outputWidth * g.filters)
        vectors.withUnsafeBufferPointer { vectors in
            for y in 0..<g.outputHeight {
                let first = (image * g.outputHeight + y) * g.outputWidth
                output.copy(from: first * g.filters, count: g.outputWidth * g.filters, into: row.pointer)
                for group in 0..<g.groups {
                    MatrixProduct.shared.store(
                        row.pointer + group * size, leftStride: g.filters,
                        times: vectors.baseAddress! + group * size * count, rightStride: count,
                        into: projected + (y * g.outputWidth * g.groups + group) * count, stride: g.groups * count,
                        rows: g.outputWidth, inner: size, columns: count)
                }
            }
        }
    }

    /// What meets each pixel of an input row through some rows of the kernel: `[width, kernel rows, kernel width, vectors]`.
    private func gather(
        _ projected: UnsafePointer<Double>, _ run: Range<Int>, over y: Int, group: Int,
        into block: UnsafeMutablePointer<Double>
    ) {
        let g = geometry
        let columns = run.count * g.kernelWidth * count
        block.update(repeating: 0, count: g.width * columns)
        for kernelRow in run {
            guard let row = g.outputRow(y, kernelRow) else { continue }
            for kernelColumn in 0..<g.kernelWidth {
                let offset = kernelColumn * g.dilations.width - g.pads.left
                let first = ((kernelRow - run.lowerBound) * g.kernelWidth + kernelColumn) * count
                for x in g.outputColumns(meeting: kernelColumn) {
                    let target = block + (x * g.strides.width + offset) * columns + first
                    let source = projected + ((row * g.outputWidth + x) * g.groups + group) * count
                    for vector in 0..<count { target[vector] = source[vector] }
                }
            }
        }
    }
}

extension Geometry {
    /// The rows of the kernel of which something holds, in runs of neighbours.
    func kernelRows(atMost most: Int, where holds: (_ kernelRow: Int) -> Bool) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for kernelRow in 0..<kernelHeight where holds(kernelRow) {
            if let last = runs.last, last.upperBound == kernelRow, last.count < most {
                runs[runs.count - 1] = last.lowerBound..<kernelRow + 1
            } else {
                runs.append(kernelRow..<kernelRow + 1)
            }
        }
        return runs
    }
}
