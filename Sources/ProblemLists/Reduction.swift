public import Convolution

/// How large problems may be. What is larger is made smaller: its batch first, then its image, and nothing else.
public struct Reduction: Hashable, Sendable {
    /// The most products that a direct engine forms; `nil` for any number.
    public var mostProducts: Double?
    /// The most bytes of its tensors, as ``Problem/bytesInMemory(isProjected:)`` counts them; `nil` for any number.
    public var mostBytes: Int?

    public init(mostProducts: Double? = nil, mostBytes: Int? = nil) {
        self.mostProducts = mostProducts
        self.mostBytes = mostBytes
    }

    /// A problem that is as large as may be: the same where it is not too large.
    ///
    /// The batch is the largest that fits. Where not even one image does, height and width of the output shrink in
    /// proportion, by whole strides of the input, so that what lies behind the last window stays as it is. The smallest
    /// image, of one output, may still be too large: it is what is left then.
    public func reduced(_ problem: Problem) -> Problem {
        guard let geometry = try? problem.geometry(), !fits(problem) else { return problem }
        let batches = largest(in: 1...max(geometry.batch, 1)) { fits(problem.with(batch: $0)) }
        if let batches { return problem.with(batch: batches) }
        let single = problem.with(batch: 1)
        let outputs = Extent(height: geometry.outputHeight, width: geometry.outputWidth)
        let steps = max(outputs.height, outputs.width, 1)
        func image(_ step: Int) -> Problem {
            single.losing(
                Extent(
                    height: outputs.height - max(outputs.height * step / steps, 1),
                    width: outputs.width - max(outputs.width * step / steps, 1)))
        }
        return image(largest(in: 1...steps) { fits(image($0)) } ?? 1)
    }

    private func fits(_ problem: Problem) -> Bool {
        problem.products <= mostProducts ?? .infinity && problem.bytesInMemory() <= mostBytes ?? .max
    }

    /// The largest number that fits, where all below one that fits do; `nil` where none does.
    private func largest(in range: ClosedRange<Int>, _ fits: (Int) -> Bool) -> Int? {
        var (low, high) = (range.lowerBound, range.upperBound)
        guard fits(low) else { return nil }
        while low < high {
            let middle = low + (high - low + 1) / 2
            if fits(middle) { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

extension Problem {
    fileprivate func with(batch: Int) -> Problem {
        var problem = self
        problem.input[0] = batch
        return problem
    }

    /// With fewer rows and columns of output, but for those that the input cannot lose: one row and column of it stay.
    fileprivate func losing(_ outputs: Extent) -> Problem {
        func left(_ size: Int, _ stride: Int, _ outputs: Int) -> Int {
            size - min(outputs, (size - 1) / stride) * stride
        }
        var problem = self
        problem.input[1] = left(input[1], strides.height, outputs.height)
        problem.input[2] = left(input[2], strides.width, outputs.width)
        return problem
    }
}
