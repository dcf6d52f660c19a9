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
        if staysInside {
            while f + 16 <= run.upperBound {
                add(n, y, x, f, SIMD16<Float>.self, into: pixel)
                f += 16
            }
            while f + 4 <= run.upperBound {
                add(n, y, x, f, SIMD4<Float>.self, into: pixel)
                f += 4
            }
        }
        while f < run.upperBound {
            pixel[f] = sum(n, y, x, f)
            f += 1
        }
    }

    /// Stores the sums of neighbouring filters that read the same channels.
    @inline(__always)
    private func add<Lanes: SIMD>(
        _ n: Int, _ y: Int, _ x: Int, _ f: Int, _: Lanes.Type, into pixel: UnsafeMutablePointer<Float>
    ) where Lanes.Scalar == Float {
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
                            let start = isPadding ? 0 : tables.images[n] + row + column
                            var weight = ((ky * width + kx) * taps * filters + f) * MemoryLayout<Float>.stride
                            for c in 0..<taps {
                                let value =
                                    isPadding ? it.padValue ?? 0 : elements[start + channels[f * taps + c]]
                                let factors = weights.loadUnaligned(fromByteOffset: weight, as: Lanes.self)
                                sums += value * factors
                                weight += filters * MemoryLayout<Float>.stride
                            }
                        }
                    }
                }
            }
        }
        for lane in sums.indices { pixel[f + lane] = sums[lane] }
    }

    /// The sum of one element.
    private func sum(_ n: Int, _ y: Int, _ x: Int, _ f: Int) -> Float {
        let (taps, filters) = (it.channelsPerGroup, it.filters)
        var sum: Float = 0
        it.input.tensor.elements.withUnsafeBufferPointer { elements in
            for ky in 0..<it.kernelHeight {
                let row = tables.rows[y * it.kernelHeight + ky]
                if row == TapTables.padding, it.padValue == nil { continue }
                for kx in 0..<it.kernelWidth {
                    let column = tables.columns[x * it.kernelWidth + kx]
                    let isPadding = row == TapTables.padding || column == TapTables.padding
                    if isPadding, it.padValue == nil { continue }
                    let start = isPadding ? 0 : tables.images[n] + row + column
                    let weight = (ky * it.kernelWidth + kx) * taps * filters + f
                    for c in 0..<taps {
                        let offset = start + tables.channels[f * taps + c]
                        let isInside = offset >= 0 && offset < elements.count
                        let value = isPadding ? it.padValue ?? 0 : isInside ? elements[offset] : it.input.beyond
                        sum += value * tables.weights[weight + c * filters]
                    }
                }
            }
        }
        return sum
    }
}
