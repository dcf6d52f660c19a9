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

    /// Whether a problem's answer is not computed whole.
    public func projects(_ problem: Problem) -> Bool {
        guard self != .complete, ProjectedTruth.suits(problem), let geometry = try? problem.geometry() else {
            return false
        }
        let products = Double(geometry.outputShape.count) * Double(geometry.productsPerOutput)
        return products > (self == .projected ? TruthPolicy.fewestProducts : TruthPolicy.mostProducts)
    }
}
