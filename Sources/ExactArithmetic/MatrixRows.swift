internal import Convolution

/// Exact sums as matrix products in floating point, of numbers on such grids that every partial sum is exact.
///
/// Where whole sums are not, one factor is cut into a high and a low half, so that the sums of either half are; they are
/// joined without an error and rounded once. The sum of magnitudes is then one product with rounding errors, of which a
/// bound is known: where that leaves open what it is rounded up to, the definition decides.
struct MatrixRows<Number: MatrixNumber>: ExactRows {
    /// Inner extent of one product: patches of so many numbers, and so many rows of the other factor, stay in the cache.
    private static var innerNumbers: Int { 384 }
    /// Numbers in a block of patches, or of sums.
    private static var blockNumbers: Int { 1 << 19 }
    /// Bytes of an operand that a block of patches comes from, where one group after the other takes its part of each pixel:
    /// else each would fetch the pixels into the cache anew.
    private static var sourceBytes: Int { 1 << 21 }

    private let operands: MatrixOperands<Number>
    private let operation: Convolution.Operation
    private let shape: Shape
    private let patches: Patches
    private let definition: SummedRuns
    private let product: MatrixProduct
    private let hasMagnitudes: Bool
    /// How far a sum of magnitudes may be from the real one, in relation to itself.
    private let relativeError: Double

    /// - Parameters:
    ///   - definition: the same sums by their definition.
    ///   - way: how they are exact.
    ///   - hasMagnitudes: whether the sums of magnitudes are wanted; else 0 is stored for each.
    init(
        _ definition: SummedRuns, _ way: ExactBounds.Way, hasMagnitudes: Bool = true, product: MatrixProduct = .shared
    ) {
        let runs = definition.runs
        self.hasMagnitudes = hasMagnitudes
        self.definition = definition
        self.product = product
        operation = runs.operation
        shape = definition.shape
        operands = MatrixOperands(
            runs.geometry, runs.operation, factors: definition.factors, bias: definition.bias, way)
        patches = Patches(runs.geometry, runs.operation == .inputGradient ? .inputGradient : .forward)
        // One rounding for each product and the bias, u = 2^-53 each; twice that is more than 1 / (1 - n u).
        let products = runs.geometry.productsPerAnswer(of: runs.operation)
        relativeError = operands.parts == 1 ? 0 : Double(products + 4) * 0x1p-52
    }

    /// Whether an operation's products are those of matrices that are worth while: of one column and one channel a matrix
    /// costs more than it saves.
    static func suits(_ geometry: Geometry, _ operation: Convolution.Operation) -> Bool {
        let products = geometry.productsPerAnswer(of: operation)
        let (channels, filters) = (geometry.channelsPerGroup, geometry.filtersPerGroup)
        return products > 0 && (operation == .biasGradient || max(channels, filters) >= 4)
            && max(products, geometry.filters, geometry.channels) <= Int(Int32.max) / 2
    }

    func compute(share: Int, of shares: Int, into results: ExactResults) {
        switch operation {
        case .forward, .inputGradient: computePixels(share: share, of: shares, into: results)
        case .filterGradient, .biasGradient: computeTaps(share: share, of: shares, into: results)
        }
    }

    /// Scratch memory: a block of patches, also before they are widened, of the other factor with its magnitudes, and of both
    /// products.
    private struct Blocks: ~Copyable {
        let patches: Scratch<Number>
        let narrow: Scratch<Float>
        let factor: Scratch<Number>
        let factorMagnitudes: Scratch<Number>
        let sums: Scratch<Number>
        let magnitudes: Scratch<Number>

        init(rows: Int, inner: Int, columns: Int, parts: Int) {
            patches = Scratch(count: rows * inner)
            narrow = Scratch(count: Number.self == Float.self ? 0 : rows * inner)
            factor = Scratch(count: inner * columns * parts)
            factorMagnitudes = Scratch(count: inner * columns)
            sums = Scratch(count: rows * columns * parts)
            magnitudes = Scratch(count: rows * columns)
        }
    }

    /// An answer of which each pixel is a row of patches times a matrix, a block of pixels after the other.
    private func computePixels(share: Int, of shares: Int, into results: ExactResults) {
        let (columns, parts, depth) = (operands.columns, operands.parts, patches.depth)
        // Whole taps, or a part of one.
        let mostTaps = max(1, min(patches.taps, Self.innerNumbers / depth))
        let mostChannels = min(depth, Self.innerNumbers)
        let mostInner = mostTaps == 1 ? mostChannels : mostTaps * depth
        var most = max(256, Self.blockNumbers / max(mostInner, columns * parts))
        if operands.groups > 1 {
            most = min(most, max(64, Self.sourceBytes / MemoryLayout<Number>.size / patches.sourceNumbersPerSite))
        }
        most = max(1, min(most, (patches.sites - 1) / shares + 1))
        let blocks = Blocks(rows: most, inner: mostInner, columns: columns, parts: parts)
        operands.withSource { source in
            for first in stride(from: share * most, to: patches.sites, by: shares * most) {
                let sites = first..<min(first + most, patches.sites)
                for group in 0..<operands.groups {
                    for tap in stride(from: 0, to: patches.taps, by: mostTaps) {
                        let taps = tap..<min(tap + mostTaps, patches.taps)
                        for channel in stride(from: 0, to: depth, by: mostTaps == 1 ? mostChannels : depth) {
                            let channels = channel..<min(channel + (mostTaps == 1 ? mostChannels : depth), depth)
                            let inner = taps.count * channels.count
                            let firstInner = tap * depth + channel
                            operands.store(
                                firstInner..<firstInner + inner, group: group, rows: blocks.factor.pointer,
                                magnitudes: blocks.factorMagnitudes.pointer)
                            var (block, blockStride) = (UnsafePointer(blocks.patches.pointer), inner)
                            if patches.areSource, case .same(let left)? = source {
                                block = left + first * patches.sourceStride + group * depth + channel
                                blockStride = patches.sourceStride
                            } else {
                                gather(source, sites, group, taps, channels, into: blocks)
                            }
                            product.store(
                                block, leftStride: blockStride, times: blocks.factor.pointer,
                                rightStride: columns * parts, into: blocks.sums.pointer, stride: columns * parts,
                                adds: firstInner > 0, rows: sites.count, inner: inner, columns: columns * parts)
                            if !hasMagnitudes { continue }
                            for row in 0..<sites.count {
                                Self.storeMagnitudes(
                                    block + row * blockStride, blocks.patches.pointer + row * inner, inner)
                            }
                            product.store(
                                blocks.patches.pointer, leftStride: inner, times: blocks.factorMagnitudes.pointer,
                                rightStride: columns, into: blocks.magnitudes.pointer, stride: columns,
                                adds: firstInner > 0, rows: sites.count, inner: inner, columns: columns)
                        }
                    }
                    store(
                        blocks.sums.pointer, blocks.magnitudes.pointer, first: first, count: sites.count,
                        group: group, into: results)
                }
            }
        }
    }

    /// An answer that is summed over pixels, a block of its taps after the other.
    private func computeTaps(share: Int, of shares: Int, into results: ExactResults) {
        let (columns, parts) = (operands.columns, operands.parts)
        let isBias = operation == .biasGradient
        let (taps, depth) = isBias ? (1, 1) : (patches.taps, patches.depth)
        let mostTaps = max(1, min((taps - 1) / shares + 1, Self.blockNumbers / (depth * columns * parts)))
        let most = max(1, min(patches.sites, Self.innerNumbers))
        let blocks = Blocks(rows: mostTaps * depth, inner: most, columns: columns, parts: parts)
        if isBias { blocks.patches.pointer.update(repeating: 1, count: most) }
        operands.withSource { source in
            for first in stride(from: share * mostTaps, to: taps, by: shares * mostTaps) {
                let chosen = first..<min(first + mostTaps, taps)
                let height = chosen.count * depth
                for group in 0..<operands.groups {
                    for firstSite in stride(from: 0, to: patches.sites, by: most) {
                        let sites = firstSite..<min(firstSite + most, patches.sites)
                        operands.store(
                            sites, group: group, rows: blocks.factor.pointer,
                            magnitudes: blocks.factorMagnitudes.pointer)
                        if !isBias {
                            gather(source, sites, group, chosen, 0..<depth, into: blocks)
                        }
                        product.store(
                            blocks.patches.pointer, leftStride: height, isTransposed: true,
                            times: blocks.factor.pointer, rightStride: columns * parts, into: blocks.sums.pointer,
                            stride: columns * parts, adds: firstSite > 0, rows: height, inner: sites.count,
                            columns: columns * parts)
                        if !hasMagnitudes { continue }
                        Self.storeMagnitudes(blocks.patches.pointer, blocks.patches.pointer, sites.count * height)
                        product.store(
                            blocks.patches.pointer, leftStride: height, isTransposed: true,
                            times: blocks.factorMagnitudes.pointer, rightStride: columns,
                            into: blocks.magnitudes.pointer, stride: columns, adds: firstSite > 0, rows: height,
                            inner: sites.count, columns: columns)
                    }
                    store(
                        blocks.sums.pointer, blocks.magnitudes.pointer, first: first * depth, count: height,
                        group: group, into: results)
                }
            }
        }
    }

    private func gather(
        _ source: MatrixOperands<Number>.Source?, _ sites: Range<Int>, _ group: Int, _ taps: Range<Int>,
        _ channels: Range<Int>, into blocks: borrowing Blocks
    ) {
        switch source {
        case nil: break
        case .same(let source):
            patches.gather(
                source, sites: sites, group: group, taps: taps, channels: channels, into: blocks.patches.pointer)
        case .narrow(let source):
            let narrow = blocks.narrow.pointer
            patches.gather(source, sites: sites, group: group, taps: taps, channels: channels, into: narrow)
            Number.widen(narrow, into: blocks.patches.pointer, count: sites.count * taps.count * channels.count)
        }
    }

    @inline(__always)
    private static func storeMagnitudes(
        _ source: UnsafePointer<Number>, _ target: UnsafeMutablePointer<Number>, _ count: Int
    ) {
        for place in 0..<count { target[place] = source[place].magnitude }
    }

    // MARK: Rounding

    /// Stores what a group's columns of some rows of the answer, `[rows, last extent]`, are rounded to.
    private func store(
        _ sums: UnsafePointer<Number>, _ magnitudes: UnsafePointer<Number>, first: Int, count: Int, group: Int,
        into results: ExactResults
    ) {
        let (columns, parts) = (operands.columns, operands.parts)
        let last = columns * operands.groups
        operands.bias.withUnsafeBufferPointer { bias in
            operands.biasMagnitudes.withUnsafeBufferPointer { biasMagnitudes in
                let bias = bias.baseAddress! + group * columns
                for row in 0..<count {
                    let place = (first + row) * last + group * columns
                    let high = sums + row * columns * parts
                    if parts == 1 {
                        Self.store(high, bias, columns, results.expected + place)
                        (results.oddSteps + place).update(repeating: 0, count: columns)
                    } else {
                        Self.store(
                            high, bias, low: high + columns, bias + last, columns, results.expected + place,
                            results.oddSteps + place)
                    }
                    if !hasMagnitudes {
                        (results.magnitude + place).update(repeating: 0, count: columns)
                        continue
                    }
                    storeMagnitudes(
                        magnitudes + row * columns, biasMagnitudes.baseAddress! + group * columns, at: place,
                        into: results)
                }
            }
        }
    }

    /// Exact sums; what is zero is +0.
    private static func store(
        _ sums: UnsafePointer<Number>, _ bias: UnsafePointer<Double>, _ count: Int,
        _ expected: UnsafeMutablePointer<Double>
    ) {
        for place in 0..<count { expected[place] = Double(sums[place]) + bias[place] + 0 }
    }

    /// Sums of two exact parts.
    private static func store(
        _ high: UnsafePointer<Number>, _ highBias: UnsafePointer<Double>, low: UnsafePointer<Number>,
        _ lowBias: UnsafePointer<Double>, _ count: Int, _ expected: UnsafeMutablePointer<Double>,
        _ oddSteps: UnsafeMutablePointer<Int8>
    ) {
        for place in 0..<count {
            let rounded = OddRounded(
                Double(high[place]) + highBias[place] + 0, plus: Double(low[place]) + lowBias[place] + 0)
            expected[place] = rounded.nearest
            oddSteps[place] = rounded.steps
        }
    }

    private func storeMagnitudes(
        _ sums: UnsafePointer<Number>, _ bias: UnsafePointer<Double>, at place: Int, into results: ExactResults
    ) {
        let columns = operands.columns
        if relativeError == 0 {
            let rounded = results.magnitude + place
            for column in 0..<columns { rounded[column] = (Double(sums[column]) + bias[column]).floatRoundedUp }
            return
        }
        if Self.store(sums, bias, columns, relativeError, results.magnitude + place) { return }
        for column in 0..<columns {
            let sum = Double(sums[column]) + bias[column]
            if (sum * (1 - relativeError)).floatRoundedUp != (sum * (1 + relativeError)).floatRoundedUp {
                definition.store(place: place + column, into: results)
            }
        }
    }

    /// Sums with an error rounded up; whether that is certain of all.
    private static func store(
        _ sums: UnsafePointer<Number>, _ bias: UnsafePointer<Double>, _ count: Int, _ relativeError: Double,
        _ rounded: UnsafeMutablePointer<Float>
    ) -> Bool {
        let (least, most) = (1 - relativeError, 1 + relativeError)
        var difference: UInt32 = 0
        for place in 0..<count {
            let sum = Double(sums[place]) + bias[place]
            let (lower, upper) = ((sum * least).floatRoundedUp, (sum * most).floatRoundedUp)
            rounded[place] = lower
            difference |= lower.bitPattern ^ upper.bitPattern
        }
        return difference == 0
    }
}
