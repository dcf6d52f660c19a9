import Convolution

/// The sums of products of a convolution without hooks in its arithmetic: where most faults spend their time.
///
/// Each element's products are added one after the other, in the order of kernel row, kernel column, channel, whether
/// one filter is computed or several at once: the bits are the same.
struct PlainSums {
    private let it: FaultableConvolution
    private let tables: TapTables
    /// Runs of filters that read the same channels: those of a group, as a rule.
    private let runs: [Range<Int>]
    /// Whether no tap is read outside of the input.
    private let staysInside: Bool

    init(_ convolution: FaultableConvolution, _ tables: TapTables) {
        it = convolution
        self.tables = tables
        let taps = it.channelsPerGroup
        var runs: [Range<Int>] = []
        for f in 0..<it.filters {
            if let last = runs.last, tables.readsSameChannels(last.lowerBound, f, taps) {
                runs[runs.count - 1] = last.lowerBound..<f + 1
            } else {
                runs.append(f..<f + 1)
            }
        }
        self.runs = runs
        staysInside = tables.stay(inside: it.input.tensor.elements.count)
    }

    /// All sums, `[batch, output height, output width, filters]`.
    ///
    /// - Parameter right: sums to be taken over for the elements whose tables are the same.
    func all(like right: RightSums?) -> [Float] {
        let shared = right.flatMap { SharedTaps(it, tables, $0) }
        let filters = it.filters
        let changed = shared?.changedRuns(of: runs) ?? runs
        return [Float](unsafeUninitializedCapacity: it.outputCount) { sums, count in
            count = it.outputCount
            guard count > 0, let start = sums.baseAddress else { return }
            var pixel = start
            for n in 0..<it.batch {
                for y in 0..<it.outputHeight {
                    for x in 0..<it.outputWidth {
                        if let shared, let right, shared.images[n], shared.rows[y], shared.columns[x] {
                            let offset = pixel - start
                            for f in 0..<filters { pixel[f] = right.sums[offset + f] }
                            for run in changed { compute(run, n, y, x, into: pixel) }
                        } else {
                            for run in runs { compute(run, n, y, x, into: pixel) }
                        }
                        pixel += filters
                    }
                }
            }
        }
    }

    private func compute(_ run: Range<Int>, _ n: Int, _ y: Int, _ x: Int, into pixel: UnsafeMutablePointer<Float>) {
        var f = run.lowerBound
        while f < run.upperBound {
            let rest = f..<run.upperBound
            if !staysInside || it.filters < 4 {
                pixel[f] = sum(n, y, x, f)
                f += 1
            } else if rest.count > 8, it.filters >= 16 {
                f = add(n, y, x, rest, SIMD16<Float>.self, into: pixel)
            } else if rest.count > 4, it.filters >= 8 {
                f = add(n, y, x, rest, SIMD8<Float>.self, into: pixel)
            } else {
                f = add(n, y, x, rest, SIMD4<Float>.self, into: pixel)
            }
        }
    }

    /// Stores the sums of the first of neighbouring filters that read the same channels, as many as there are lanes.
    ///
    /// - Precondition: There are at least as many filters as lanes, in all.
    /// - Returns: the filter behind those.
    @inline(__always)
    private func add<Lanes: SIMD>(
        _ n: Int, _ y: Int, _ x: Int, _ run: Range<Int>, _: Lanes.Type, into pixel: UnsafeMutablePointer<Float>
    ) -> Int where Lanes.Scalar == Float {
        // Where they are fewer, lanes of filters before them are computed for nothing.
        let f = min(run.lowerBound, it.filters - Lanes.scalarCount)
        let (taps, filters, height, width) = (it.channelsPerGroup, it.filters, it.kernelHeight, it.kernelWidth)
        var sums = Lanes(repeating: 0)
        tables.weights.withUnsafeBytes { weights in
            it.input.tensor.elements.withUnsafeBufferPointer { elements in
                tables.channels.withUnsafeBufferPointer { channels in
                    for ky in 0..<height {
                        let row = tables.rows[y * height + ky]
                        if row == TapTables.padding, it.padValue == nil { continue }
                        for kx in 0..<width {
                            let column = tables.columns[x * width + kx]
                            let isPadding = row == TapTables.padding || column == TapTables.padding
                            if isPadding, it.padValue == nil { continue }
                            let weight = ((ky * width + kx) * taps * filters + f) * MemoryLayout<Float>.stride
                            let step = filters * MemoryLayout<Float>.stride
                            func factors(_ c: Int) -> Lanes {
                                weights.loadUnaligned(fromByteOffset: weight &+ c &* step, as: Lanes.self)
                            }
                            if isPadding {
                                let value = it.padValue ?? 0
                                for c in 0..<taps { sums += value * factors(c) }
                                continue
                            }
                            let start = tables.images[n] + row + column
                            for c in 0..<taps {
                                sums += elements[start &+ channels[run.lowerBound &* taps &+ c]] * factors(c)
                            }
                        }
                    }
                }
            }
        }
        let done = run.lowerBound..<min(f + Lanes.scalarCount, run.upperBound)
        for filter in done { pixel[filter] = sums[filter - f] }
        return done.upperBound
    }

    /// The sum of one element.
    private func sum(_ n: Int, _ y: Int, _ x: Int, _ f: Int) -> Float {
        let (taps, filters) = (it.channelsPerGroup, it.filters)
        var sum: Float = 0
        tables.weights.withUnsafeBufferPointer { weights in
            it.input.tensor.elements.withUnsafeBufferPointer { elements in
                tables.channels.withUnsafeBufferPointer { channels in
                    for ky in 0..<it.kernelHeight {
                        let row = tables.rows[y * it.kernelHeight + ky]
                        if row == TapTables.padding, it.padValue == nil { continue }
                        for kx in 0..<it.kernelWidth {
                            let column = tables.columns[x * it.kernelWidth + kx]
                            let isPadding = row == TapTables.padding || column == TapTables.padding
                            if isPadding, it.padValue == nil { continue }
                            let weight = (ky * it.kernelWidth + kx) * taps * filters + f
                            if isPadding {
                                let value = it.padValue ?? 0
                                for c in 0..<taps { sum += value * weights[weight &+ c &* filters] }
                                continue
                            }
                            let start = tables.images[n] + row + column
                            for c in 0..<taps {
                                let offset = start &+ channels[f &* taps &+ c]
                                let isInside = staysInside || offset >= 0 && offset < elements.count
                                let value = isInside ? elements[offset] : it.input.beyond
                                sum += value * weights[weight &+ c &* filters]
                            }
                        }
                    }
                }
            }
        }
        return sum
    }
}
