extension ProductRuns {
    /// Products of elements side by side along the answer's third axis, one of each, all with the same element of the second
    /// tensor: of `count` elements from index `start` on, each `step` further.
    public struct Sweep {
        public let start: Int
        public let step: Int
        public let count: Int
        /// The place in memory of the first product's element in the first tensor, and how far the next is from there.
        public let first: Int
        public let firstStep: Int
        /// The place in memory of the element of the second tensor.
        public let second: Int

        @inlinable
        init(start: Int, step: Int, count: Int, first: Int, firstStep: Int, second: Int) {
            (self.start, self.step, self.count) = (start, step, count)
            (self.first, self.firstStep, self.second) = (first, firstStep, second)
        }
    }

    /// Calls `body` with the products of the answer's elements along its third axis, at logical indices i, j and l. Each
    /// element meets its products in the order of its runs.
    ///
    /// - Precondition: the operation is not a bias gradient, whose answer has but one element along that axis.
    @inlinable
    @inline(__always)
    public func forEachSweep(_ i: Int, _ j: Int, _ l: Int, _ body: (Sweep) -> Void) {
        switch operation {
        case .forward: forEachSweepOfOutput(i, j, l, body)
        case .inputGradient: forEachSweepOfInput(i, j, l, body)
        case .filterGradient: forEachSweepOfFilter(i, j, l, body)
        case .biasGradient: preconditionFailure("a bias gradient has no sweeps")
        }
    }

    @inlinable
    @inline(__always)
    func forEachSweepOfOutput(_ n: Int, _ y: Int, _ f: Int, _ body: (Sweep) -> Void) {
        let channel = group(ofFilter: f) * channels
        for ky in geometry.kernelRows(meeting: y) {
            let row = y * geometry.strides.height + ky * geometry.dilations.height - geometry.pads.top
            for kx in 0..<geometry.kernelWidth {
                let columns = geometry.outputColumns(meeting: kx)
                guard let x = columns.first, let column = geometry.inputColumn(x, kx) else { continue }
                for c in 0..<channels {
                    body(
                        Sweep(
                            start: x, step: 1, count: columns.count,
                            first: n * firstStrides[0] + row * firstStrides[1] + column * firstStrides[2]
                                + (channel + c) * firstStrides[3],
                            firstStep: geometry.strides.width &* firstStrides[2],
                            second: ky * secondStrides[0] + kx * secondStrides[1] + c * secondStrides[2]
                                + f * secondStrides[3]))
                }
            }
        }
    }

    @inlinable
    @inline(__always)
    func forEachSweepOfInput(_ n: Int, _ row: Int, _ channel: Int, _ body: (Sweep) -> Void) {
        let (firstFilter, c) = filterAndChannel(channel)
        for ky in 0..<geometry.kernelHeight {
            guard let y = geometry.outputRow(row, ky) else { continue }
            for kx in 0..<geometry.kernelWidth {
                let columns = geometry.outputColumns(meeting: kx)
                guard let x = columns.first, let column = geometry.inputColumn(x, kx) else { continue }
                for f in firstFilter..<firstFilter + filters {
                    body(
                        Sweep(
                            start: column, step: geometry.strides.width, count: columns.count,
                            first: n * firstStrides[0] + y * firstStrides[1] + x * firstStrides[2]
                                + f * firstStrides[3],
                            firstStep: firstStrides[2],
                            second: ky * secondStrides[0] + kx * secondStrides[1] + c * secondStrides[2]
                                + f * secondStrides[3]))
                }
            }
        }
    }

    @inlinable
    @inline(__always)
    func forEachSweepOfFilter(_ ky: Int, _ kx: Int, _ f: Int, _ body: (Sweep) -> Void) {
        let channel = group(ofFilter: f) * channels
        for n in 0..<geometry.batch {
            for y in 0..<geometry.outputHeight {
                guard let row = geometry.inputRow(y, ky) else { continue }
                for x in geometry.outputColumns(meeting: kx) {
                    let column = x * geometry.strides.width + kx * geometry.dilations.width - geometry.pads.left
                    body(
                        Sweep(
                            start: 0, step: 1, count: channels,
                            first: n * firstStrides[0] + row * firstStrides[1] + column * firstStrides[2]
                                + channel * firstStrides[3],
                            firstStep: firstStrides[3],
                            second: n * secondStrides[0] + y * secondStrides[1] + x * secondStrides[2]
                                + f * secondStrides[3]))
                }
            }
        }
    }
}
