package import Convolution
internal import Foundation

/// Gathers what each place of an answer meets of an operand into a row of a matrix: im2col.
///
/// For an output these are the input's elements under the kernel, `[kernel height, kernel width, channels / groups]`, with
/// zeros for padding: times the filter of the same group as a matrix they give an output pixel. For an input's gradient
/// they are the output's elements whose kernels meet a pixel, `[kernel height, kernel width, filters / groups]` with the
/// kernel turned by 180 degrees, and zeros where none does.
package struct Patches: Sendable {
    /// Elements in a row for one tap of the kernel.
    package let depth: Int
    /// Taps of the kernel.
    package let taps: Int
    /// How many rows there are: batch x height x width of the answer.
    package let sites: Int
    /// Whether each row is, for every group, a part of a pixel of the operand at the same place: there is nothing to gather.
    package let areSource: Bool
    /// Elements from pixel to pixel of the operand.
    package let sourceStride: Int

    /// How many elements the operand has for each row of the matrix, those of all groups; at least 1.
    var sourceNumbersPerSite: Int {
        max(1, sourceHeight * sourceWidth * sourceStride / max(1, answerHeight * answerWidth))
    }

    private let answerHeight: Int
    private let answerWidth: Int
    private let sourceHeight: Int
    private let sourceWidth: Int
    private let kernelHeight: Int
    private let kernelWidth: Int
    /// The operand's row that a row of the answer and of the kernel meet in, negative where there is none; and columns.
    private let sourceRows: [Int]
    private let sourceColumns: [Int]
    /// Whether taps side by side meet pixels side by side, all of whose elements are wanted.
    private let isDense: Bool

    /// - Parameter operation: `forward` or `inputGradient`.
    package init(_ geometry: Geometry, _ operation: Convolution.Operation = .forward) {
        let isForward = operation == .forward
        let (source, answer) = (operation.factors[0], operation.answer)
        let (sourceShape, answerShape) = (geometry.shape(of: source), geometry.shape(of: answer))
        (answerHeight, answerWidth) = (answerShape[1], answerShape[2])
        (sourceHeight, sourceWidth, sourceStride) = (sourceShape[1], sourceShape[2], sourceShape[3])
        (kernelHeight, kernelWidth) = (geometry.kernelHeight, geometry.kernelWidth)
        taps = kernelHeight * kernelWidth
        depth = isForward ? geometry.channelsPerGroup : geometry.filtersPerGroup
        sites = answerShape[0] * answerHeight * answerWidth
        let (height, width) = (kernelHeight, kernelWidth)
        sourceRows = (0..<answerHeight).flatMap { row in
            (0..<height).map { tap in
                (isForward ? geometry.inputRow(row, tap) : geometry.outputRow(row, height - 1 - tap)) ?? -1
            }
        }
        sourceColumns = (0..<answerWidth).flatMap { column in
            (0..<width).map { tap in
                (isForward ? geometry.inputColumn(column, tap) : geometry.outputColumn(column, width - 1 - tap)) ?? -1
            }
        }
        isDense =
            geometry.groups == 1 && geometry.dilations.width == 1 && (isForward || geometry.strides.width == 1)
        areSource =
            taps == 1 && sourceHeight == answerHeight && sourceWidth == answerWidth
            && sourceRows.enumerated().allSatisfy { $0 == $1 } && sourceColumns.enumerated().allSatisfy { $0 == $1 }
    }

    /// Calls `body` with each tap that meets an element at a row's place, and the operand's pixel where it does.
    @inline(__always)
    func forEachPixel(of site: Int, _ body: (_ tap: Int, _ pixel: Int) -> Void) {
        let (row, x) = site.quotientAndRemainder(dividingBy: answerWidth)
        let (n, y) = row.quotientAndRemainder(dividingBy: answerHeight)
        for ky in 0..<kernelHeight {
            let sourceRow = sourceRows[y * kernelHeight + ky]
            if sourceRow < 0 { continue }
            for kx in 0..<kernelWidth {
                let column = sourceColumns[x * kernelWidth + kx]
                if column >= 0 { body(ky * kernelWidth + kx, (n * sourceHeight + sourceRow) * sourceWidth + column) }
            }
        }
    }

    /// Gathers some rows, or a part of each, as a group sees them.
    ///
    /// - Parameters:
    ///   - source: `[batch, height, width, channels]` or `[batch, height, width, filters]`, dense.
    ///   - sites: the rows, counted in C order of the answer's pixels.
    ///   - taps: which taps of the kernel; all where it is `nil`.
    ///   - channels: which of the `depth` elements of each; all where it is `nil`.
    ///   - patches: room for `[sites, taps, channels]`.
    package func gather<Element: MatrixNumber>(
        _ source: UnsafePointer<Element>, sites: Range<Int>, group: Int, taps: Range<Int>? = nil,
        channels: Range<Int>? = nil, into patches: UnsafeMutablePointer<Element>
    ) {
        gather(
            UnsafeRawPointer(source), size: MemoryLayout<Element>.size, sites, group, taps ?? 0..<self.taps,
            channels ?? 0..<depth, into: UnsafeMutableRawPointer(patches))
    }

    /// The same for elements of `size` bytes, so that one loop serves all types: zero is zero bytes.
    private func gather(
        _ source: UnsafeRawPointer, size: Int, _ sites: Range<Int>, _ group: Int, _ taps: Range<Int>,
        _ channels: Range<Int>, into patches: UnsafeMutableRawPointer
    ) {
        let source = source + (group * depth + channels.lowerBound) * size
        let pixel = sourceStride * size
        let isWhole = channels.count == depth
        let count = channels.count * size
        var patch = patches
        sourceRows.withUnsafeBufferPointer { sourceRows in
            sourceColumns.withUnsafeBufferPointer { sourceColumns in
                for site in sites {
                    let (row, x) = site.quotientAndRemainder(dividingBy: answerWidth)
                    let (n, y) = row.quotientAndRemainder(dividingBy: answerHeight)
                    let image = source + n * sourceHeight * sourceWidth * pixel
                    var tap = taps.lowerBound
                    while tap < taps.upperBound {
                        let (ky, kx) = tap.quotientAndRemainder(dividingBy: kernelWidth)
                        let width = min(kernelWidth - kx, taps.upperBound - tap)
                        let sourceRow = sourceRows[y * kernelHeight + ky]
                        if sourceRow < 0 {
                            memset(patch, 0, width * count)
                        } else {
                            let row = image + sourceRow * sourceWidth * pixel
                            let columns = sourceColumns.baseAddress! + x * kernelWidth + kx
                            if isDense, isWhole, columns[0] >= 0, columns[width - 1] >= 0 {
                                memcpy(patch, row + columns[0] * pixel, width * count)
                            } else {
                                for turn in 0..<width {
                                    if columns[turn] < 0 {
                                        memset(patch + turn * count, 0, count)
                                    } else {
                                        Self.copy(row + columns[turn] * pixel, to: patch + turn * count, count)
                                    }
                                }
                            }
                        }
                        patch += width * count
                        tap += width
                    }
                }
            }
        }
    }

    /// Copies a multiple of 4 bytes: those of few channels without a call for each.
    @inline(__always)
    private static func copy(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int) {
        if count > 128 {
            memcpy(target, source, count)
            return
        }
        var place = 0
        while place + 16 <= count {
            target.storeBytes(
                of: source.loadUnaligned(fromByteOffset: place, as: SIMD4<UInt32>.self), toByteOffset: place,
                as: SIMD4<UInt32>.self)
            place += 16
        }
        while place < count {
            target.storeBytes(
                of: source.loadUnaligned(fromByteOffset: place, as: UInt32.self), toByteOffset: place, as: UInt32.self)
            place += 4
        }
    }
}
