internal import Convolution

/// Exact sums of a depthwise convolution, or of its input's gradient, in plain float64: all channels of a pixel side by
/// side, a tap of the kernel after the other.
struct DepthwiseRows: ExactRows {
    private let patches: Patches
    /// Of which the first is the source of patches.
    private let factors: Factors
    /// `[kernel height, kernel width, channels]`, its taps as the patches have them.
    private let filter: [Double]
    private let bias: [Double]
    private let channels: Int

    /// - Parameter definition: the same sums by their definition, of which every partial sum is exact in float64.
    init(_ definition: SummedRuns) {
        let (geometry, operation) = (definition.runs.geometry, definition.runs.operation)
        channels = geometry.channels
        patches = Patches(geometry, operation)
        factors = definition.factors
        let taps = geometry.kernelHeight * geometry.kernelWidth
        let filter =
            switch factors {
            case .float(_, let filter): filter.map { Double($0) }
            case .double(_, let filter): filter
            }
        let channels = channels
        self.filter =
            operation == .forward
            ? filter : (0..<taps).reversed().flatMap { filter[$0 * channels..<($0 + 1) * channels] }
        bias = definition.bias ?? [Double](repeating: 0, count: channels)
    }

    /// Whether an operation has one channel and one filter a group, and an answer of pixels.
    static func suits(_ geometry: Geometry, _ operation: Convolution.Operation) -> Bool {
        (operation == .forward || operation == .inputGradient) && geometry.channelsPerGroup == 1
            && geometry.filtersPerGroup == 1
    }

    func compute(share: Int, of shares: Int, into results: ExactResults) {
        switch factors {
        case .float(let source, _): compute(source, share: share, of: shares, into: results)
        case .double(let source, _): compute(source, share: share, of: shares, into: results)
        }
    }

    private func compute(
        _ source: [some BinaryFloatingPoint], share: Int, of shares: Int, into results: ExactResults
    ) {
        let magnitudes = Scratch<Double>(count: channels)
        source.withUnsafeBufferPointer { source in
            filter.withUnsafeBufferPointer { filter in
                for site in stride(from: share, to: patches.sites, by: shares) {
                    let sums = results.expected + site * channels
                    for channel in 0..<channels {
                        sums[channel] = bias[channel]
                        magnitudes.pointer[channel] = bias[channel].magnitude
                    }
                    patches.forEachPixel(of: site) { tap, pixel in
                        add(
                            source.baseAddress! + pixel * channels, times: filter.baseAddress! + tap * channels,
                            to: sums, magnitudes.pointer)
                    }
                    for channel in 0..<channels {
                        // A sum of exactly zero is +0.
                        sums[channel] += 0
                        results.magnitude[site * channels + channel] = magnitudes.pointer[channel].floatRoundedUp
                    }
                    (results.oddSteps + site * channels).update(repeating: 0, count: channels)
                }
            }
        }
    }

    @inline(__always)
    private func add(
        _ source: UnsafePointer<some BinaryFloatingPoint>, times filter: UnsafePointer<Double>,
        to sums: UnsafeMutablePointer<Double>,
        _ magnitudes: UnsafeMutablePointer<Double>
    ) {
        for channel in 0..<channels {
            let product = Double(source[channel]) * filter[channel]
            sums[channel] += product
            magnitudes[channel] += product.magnitude
        }
    }
}
