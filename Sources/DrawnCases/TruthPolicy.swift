internal import Conformance
public import Convolution

/// For which cases the exact answer is computed whole, and which are judged by projections.
public enum TruthPolicy: String, Hashable, Sendable, CaseIterable {
    /// All answers are computed whole.
    case complete
    /// Those are projected that can be: see `ProjectedTruth`.
    case projected
    /// Of those the ones are projected that would take more products than ``mostProducts``.
    case bySize

    /// About as many products of exact sums as a core computes in a second, of real data.
    public static let mostProducts = 4e9
    /// Fewer products are computed whole in any case, which costs nothing that is felt: a diagnosis compares such answers whole.
    static let fewestProducts = 1e7

    /// How much of a problem's answer is computed beforehand.
    public func exactExtent(of problem: Problem) -> ExactExtent {
        guard self != .complete, let geometry = try? problem.geometry() else { return .whole }
        let products = Double(geometry.outputShape.count) * Double(geometry.productsPerOutput)
        let isLarge = products > (self == .projected ? TruthPolicy.fewestProducts : TruthPolicy.mostProducts)
        if isLarge, ProjectedTruth.suits(problem) { return .sums }
        return ImagewiseTruth.suits(problem) ? .image : .whole
    }
}
