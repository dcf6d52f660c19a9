internal import Convolution

/// Where an engine may answer with NaN or an infinity although the exact sum has none, or another.
///
/// A direct engine may nowhere, beyond what ``ElementJudge`` allows to a sum next to the largest number of the type. There
/// are two others. Gradients are seen as the forward convolutions that form the same sums: see ``ForwardEquivalent``.
///
/// **A transform** (Winograd, FFT) adds and subtracts all numbers of a tile, or of the case. It may spread what is not
/// finite, or what overflows on the way, over all outputs that share these with it; it never makes it finite:
///
/// - Where the exact sum is finite, the answer may be NaN or infinite if a tile that can hold this output, or its filter,
///   has a number that is not finite, or one so large that a sum in the transform may leave the range. For Winograd
///   these are the tiles that contain the output, wherever tiles begin; for others all images and all filters, since
///   FFTs pack two real planes into a complex one, and Strassen's products add rows of any two pixels.
/// - Where it is infinite, the answer may be NaN, as inf - inf, or the other infinity, after an overflow.
/// - Where it is NaN, the answer may be an infinity if numbers of the case are infinite or may overflow, since the
///   transform adds other partial sums; otherwise it comes of a NaN, and stays one.
///
/// **Reduced arithmetic** has a smaller range, with the limit L. With S the exact sum, M its magnitude and e the error
/// that it may have, its positive products sum to (M + S) / 2 and its negative ones to (M - S) / 2. Every partial sum, in
/// any order, lies between the two, so it can reach an infinity only where the sum of its sign, raised by e, reaches L,
/// and be NaN only where both do. A factor that rounds to L may give anything where its window sees it, and so may an
/// infinity under a factor that rounds to 0. Every other NaN and infinity is a failure.
struct NonFiniteLeeway {
    private let equivalent: ForwardEquivalent
    private let capabilities: Capabilities
    /// `[batch, groups, height + 1, width + 1]`: how many pixels above and to the left have a number that spreads.
    private let pixels: [Int32]
    /// For each filter, whether a number of its own spreads.
    private let filters: [Bool]
    /// Whether there is a number that spreads.
    private let spreadsSomewhere: Bool
    /// Whether infinities take part, or numbers that may become infinite.
    private let hasInfinities: Bool
    /// Whether factors or sums of the case may leave the range of the arithmetic at either end.
    private let mayLeaveRange: Bool

    private var isTransform: Bool { capabilities.algorithm != .direct }
    private var geometry: Geometry { equivalent.geometry }

    /// `nil` where there is none, since nothing is multiplied.
    init?(_ golden: GoldenCase, capabilities: Capabilities) {
        guard let equivalent = ForwardEquivalent(golden) else { return nil }
        self.equivalent = equivalent
        self.capabilities = capabilities
        let (input, filter, geometry) = (equivalent.input, equivalent.filter, equivalent.geometry)
        let arithmetic = capabilities.arithmetic
        let isTransform = capabilities.algorithm != .direct
        let sumOfWeights = NonFiniteLeeway.largestSumOfWeights(filter)
        var largestInput = arithmetic.smallestInfiniteFactor
        var largestWeight = arithmetic.smallestInfiniteFactor
        if isTransform {
            let growth = NonFiniteLeeway.growth(geometry, capabilities)
            // Float64 does not hold its own threshold.
            let limit = min(arithmetic.smallestInfiniteSum, .greatestFiniteMagnitude) / growth
            largestInput = min(largestInput, limit / max(1, sumOfWeights))
            largestWeight = min(largestWeight, limit)
        }
        func spreads(_ number: Double, from limit: Double) -> Bool {
            number.isFinite ? number.magnitude >= limit : isTransform
        }
        pixels = NonFiniteLeeway.counts(input, geometry) { spreads($0, from: largestInput) }
        var filters = [Bool](repeating: false, count: geometry.filters)
        for (offset, weight) in filter.elements.enumerated() where spreads(weight, from: largestWeight) {
            filters[offset % geometry.filters] = true
        }
        self.filters = filters
        let numbers = [input.elements, filter.elements, equivalent.bias ?? []].joined()
        spreadsSomewhere = pixels.contains { $0 > 0 } || filters.contains(true)
        let least = min(largestInput, largestWeight)
        hasInfinities = numbers.contains { $0.magnitude >= least }
        mayLeaveRange =
            arithmetic.isReduced
            && (spreadsSomewhere
                || numbers.contains { $0 != 0 && $0.magnitude < arithmetic.leastNormalMagnitude }
                || sumOfWeights * NonFiniteLeeway.largest(input.elements)
                    + NonFiniteLeeway.largest(equivalent.bias ?? [])
                    >= arithmetic.smallestInfiniteSum)
    }

    /// Whether `got` may stand at an index although it is not what `want` is, one of them not being finite.
    func allows(_ got: Double, want: Double, magnitude: Double, allowed: Double, index: Shape) -> Bool {
        if got.isFinite { return false }
        if capabilities.arithmetic.isReduced {
            if want.isInfinite, got.isNaN, mayLeaveRange { return true }
            if want.isFinite, mayOverflow(to: got, want: want, magnitude: magnitude, allowed: allowed) { return true }
        }
        guard spread(reaches: equivalent.index(of: index)) else { return false }
        return !want.isNaN || hasInfinities
    }

    /// Whether partial sums of finite products may become `got`.
    private func mayOverflow(to got: Double, want: Double, magnitude: Double, allowed: Double) -> Bool {
        let limit = capabilities.arithmetic.smallestInfiniteSum
        let isPositive = (magnitude + want) / 2 + allowed >= limit
        let isNegative = (magnitude - want) / 2 + allowed >= limit
        return got.isNaN ? isPositive && isNegative : got > 0 ? isPositive : isNegative
    }

    /// Whether the output at an index shares a tile, a filter or a transform with a number that spreads.
    private func spread(reaches index: Shape) -> Bool {
        let isLocal =
            capabilities.algorithm == .direct || capabilities.algorithm == .winograd && capabilities.tile != nil
        guard isLocal else { return spreadsSomewhere }
        if filters[index[3]] { return true }
        let tile = isTransform ? capabilities.tile ?? .one : .one
        let rows = reached(
            index[1], tile.height, geometry.strides.height,
            (geometry.kernelHeight - 1) * geometry.dilations.height, geometry.pads.top)
        let columns = reached(
            index[2], tile.width, geometry.strides.width, (geometry.kernelWidth - 1) * geometry.dilations.width,
            geometry.pads.left)
        return count(index[0], index[3] / geometry.filtersPerGroup, rows, columns) > 0
    }

    /// The inputs along an axis, in the image or not, of all tiles that can hold an output.
    private func reached(_ output: Int, _ tile: Int, _ stride: Int, _ reach: Int, _ before: Int) -> Range<Int> {
        // Where the outputs of a tile are not a whole number of its strides, further ones belong to it.
        let first = (output - tile + 1) * stride - before
        return first..<(output + tile - 1) * stride + reach - before + 1
    }

    /// Pixels that spread in some rows and columns of an image, for a group's channels.
    private func count(_ n: Int, _ group: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Int32 {
        let (height, width) = (geometry.height, geometry.width)
        let (rows, columns) = (rows.clamped(to: 0..<height), columns.clamped(to: 0..<width))
        func sum(_ y: Int, _ x: Int) -> Int32 {
            pixels[((n * geometry.groups + group) * (height + 1) + y) * (width + 1) + x]
        }
        return sum(rows.upperBound, columns.upperBound) - sum(rows.lowerBound, columns.upperBound)
            - sum(rows.upperBound, columns.lowerBound) + sum(rows.lowerBound, columns.lowerBound)
    }

    /// Summed area tables of the pixels that have a spreading number among a group's channels.
    private static func counts(
        _ input: Tensor<Double>, _ geometry: Geometry, spreads: (Double) -> Bool
    ) -> [Int32] {
        let (height, width) = (geometry.height, geometry.width)
        var counts = [Int32](
            repeating: 0, count: geometry.batch * geometry.groups * (height + 1) * (width + 1))
        for n in 0..<geometry.batch {
            for group in 0..<geometry.groups {
                let table = (n * geometry.groups + group) * (height + 1) * (width + 1)
                for y in 0..<height {
                    var row: Int32 = 0
                    for x in 0..<width {
                        let first =
                            ((n * height + y) * width + x) * geometry.channels + group * geometry.channelsPerGroup
                        if input.elements[first..<first + geometry.channelsPerGroup].contains(where: spreads) {
                            row += 1
                        }
                        counts[table + (y + 1) * (width + 1) + x + 1] = counts[table + y * (width + 1) + x + 1] + row
                    }
                }
            }
        }
        return counts
    }

    /// No number inside a transform exceeds this times the largest |input| times the sum of a filter's |weights|, both
    /// where they are at least 1. For an FFT without scaling that is the square of its points; for Winograd a power of two
    /// that leaves room for how its matrices may be scaled.
    private static func growth(_ geometry: Geometry, _ capabilities: Capabilities) -> Double {
        let points = 4 * Double(geometry.paddedHeight) * Double(geometry.paddedWidth)
        if capabilities.algorithm == .winograd, let tile = capabilities.tile {
            let rows = WinogradAmplification(outputs: tile.height, kernel: geometry.kernelHeight)
            let columns = WinogradAmplification(outputs: tile.width, kernel: geometry.kernelWidth)
            return 0x1p16 * rows.largest * columns.largest
        }
        return max(points * points, 0x1p24)
    }

    /// The largest sum of |weights| of a filter, of those that are finite.
    private static func largestSumOfWeights(_ filter: Tensor<Double>) -> Double {
        var sums = [Double](repeating: 0, count: filter.shape[3])
        for (offset, weight) in filter.elements.enumerated() where weight.isFinite {
            sums[offset % filter.shape[3]] += weight.magnitude
        }
        return sums.max() ?? 0
    }

    private static func largest(_ numbers: [Double]) -> Double {
        numbers.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    }
}
