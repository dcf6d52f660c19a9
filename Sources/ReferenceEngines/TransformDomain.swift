internal import Conformance
internal import Convolution

/// Refuses numbers that an algorithm in a transformed domain cannot hold.
///
/// A transform mixes all elements of its tile: a NaN or an infinity would reach outputs whose window does not see it,
/// and so would an overflow on the way.
///
/// - Parameter growth: no intermediate exceeds `growth` x the largest |input| x the largest |weight|, where those are
///   at least 1.
/// - Throws: `EngineRefusal.unsupported`.
func requireTransformable(_ input: Tensor<Float>, _ filter: Tensor<Float>, growth: Double) throws(EngineRefusal) {
    var product = growth
    for (name, elements) in [("input", input.elements), ("filter", filter.elements)] {
        let largest = elements.reduce(Float(0)) { $0.isNaN || $1.isNaN ? .nan : max($0, $1.magnitude) }
        guard largest.isFinite else {
            throw .unsupported("the \(name) is not finite, and a transform would spread that over its whole tile")
        }
        product *= max(1, Double(largest))
    }
    if product > Double(Float.greatestFiniteMagnitude) {
        throw .unsupported("the numbers are so large that the transform may overflow")
    }
}
