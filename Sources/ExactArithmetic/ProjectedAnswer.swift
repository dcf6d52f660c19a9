public import Convolution

/// What the elements of an answer that lie side by side in a group add up to, each times a number of its own, without the
/// answer: the numbers are multiplied into a factor, and what is left is an answer of one element a group.
///
///     forward:          sum over f of v[f] output[n, y, x, f]          the filters added up, and the bias
///     input gradient:   sum over c of v[c] gradient[n, row, column, c] the filters' channels added up, and the bias
///     filter gradient:  sum over f of v[f] gradient[ky, kx, c, f]      the output's gradient added up over its filters
///
/// It costs as much as one filter of a group does, or one channel. Source: R. Freivalds, "Probabilistic machines can use
/// less running time", IFIP Congress 1977, for the product of two matrices; a convolution is one of patches and filters.
///
/// Sums are formed in float64. They are exact where all numbers are whole and the sum of the magnitudes of an element's
/// products, times the largest |v| and the elements of a group, is at most 2^53; else a sum of n products and additions, of
/// K to an element and F elements K + F, has an error of at most n u / (1 - n u) times that of their magnitudes, with
/// u = 2^-53.
public struct ProjectedAnswer: Sendable {
    private enum Way {
        case images(ProjectedImages)
        /// `[kernel height][kernel width, channels / groups, groups, vectors]`.
        case filters([[Double]])
    }

    private let way: Way

    /// - Parameters:
    ///   - operation: any but a bias gradient, which is no product.
    ///   - operands: of the operation, with this geometry.
    ///   - vectors: `[filters, vectors]`; of an input gradient `[channels, vectors]`.
    ///   - areMagnitudes: whether magnitudes are multiplied and added in the place of the operands' numbers.
    public init(
        _ geometry: Geometry, _ operation: Convolution.Operation, _ operands: Operands, vectors: [Double],
        areMagnitudes: Bool = false
    ) {
        switch operation {
        case .forward, .inputGradient:
            way = .images(
                ProjectedImages(geometry, operation, operands, vectors: vectors, areMagnitudes: areMagnitudes))
        case .filterGradient:
            let filters = ProjectedFilters(geometry, operands, vectors: vectors, areMagnitudes: areMagnitudes)
            way = .filters(filters.sums())
        case .biasGradient: preconditionFailure("a bias gradient is no product")
        }
    }

    /// The sums at one index of the answer's first axis: `[second axis, third axis, groups, vectors]`.
    public func sums(at first: Int) -> [Double] {
        switch way {
        case .images(let images): images.sums(ofImage: first)
        case .filters(let sums): sums[first]
        }
    }
}

extension Geometry {
    /// How many elements of an operation's answer lie side by side in a group: filters, or channels of an input gradient.
    public func elementsPerGroup(of operation: Convolution.Operation) -> Int {
        operation == .inputGradient ? channelsPerGroup : filtersPerGroup
    }
}
