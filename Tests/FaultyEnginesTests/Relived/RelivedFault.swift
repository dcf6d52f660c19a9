import Conformance
import Convolution

@testable import FaultyEngines

/// A fault of the bank at the geometry that users met it at.
struct RelivedFault: Sendable {
    /// Numbers with which a fault shows.
    enum Data: Hashable, Sendable {
        /// Small integers.
        case integer
        /// Small integers, and one element of the input that is not finite: the first channel of the last pixel of the
        /// first row.
        case one(Float)
    }

    /// The fault's name in the bank; its ``Fault/source`` is the report.
    let fault: String
    /// The geometry of the report, with fewer channels or filters where their number does not matter.
    let met: Problem
    /// A geometry beside it at which the same mistake shows.
    let neighbour: Problem
    /// The nearest geometry that is right all the same: why it took users to find the fault.
    let spared: Problem?
    let data: Data
    /// How the tensors lie in memory.
    let layouts: LayoutPair

    init(
        _ fault: String, met: Problem, neighbour: Problem, spared: Problem?, data: Data = .integer,
        layouts: LayoutPair = .golden
    ) {
        self.fault = fault
        self.met = met
        self.neighbour = neighbour
        self.spared = spared
        self.data = data
        self.layouts = layouts
    }

    /// Every fault that is relived, in the order of the bank's classes.
    static let all: [RelivedFault] =
        padding + dilation + groups + tailsAndTiles + algorithmChoice + layoutAndOffsets + nonFiniteAndMemory
        + validation
}

extension Problem {
    /// A problem in few words: sizes as `[batch, height, width, channels]`, `[kernel height, kernel width]` and filters.
    static func of(
        _ input: Shape, _ kernel: (Int, Int), to filters: Int, stride: Int = 1, dilation: Int = 1,
        pad: Int = 0, padding: Padding? = nil, groups: Int = 1, bias: Bool = false
    ) -> Problem {
        let explicit: Padding = pad == 0 ? .valid : .pads(pad, pad, pad, pad)
        return Problem(
            input: input, filter: [kernel.0, kernel.1, groups > 0 ? input[3] / groups : input[3], filters],
            biasCount: bias ? filters : nil, strides: Extent(height: stride, width: stride),
            dilations: Extent(height: dilation, width: dilation), padding: padding ?? explicit, groups: groups)
    }

    /// The same with other strides.
    func strided(_ height: Int, _ width: Int) -> Problem {
        var problem = self
        problem.strides = Extent(height: height, width: width)
        return problem
    }
}

extension Padding {
    /// Explicit pads: top, bottom, left, right.
    static func pads(_ top: Int, _ bottom: Int, _ left: Int, _ right: Int) -> Padding {
        .explicit(Pads(top: top, bottom: bottom, left: left, right: right))
    }
}
