public import Conformance
public import Convolution

/// A right engine that takes subnormal numbers for zero, as processors do when they are told to.
///
/// IEEE 754 wants them kept; hardware that flushes them, at its input (denormals are zero) or its output (flush to zero),
/// is in daily use, and libraries flush some tensors and keep others. Each is one of the answers that a case leaves open.
public struct FlushingEngine: Engine, Sendable {
    /// What is flushed.
    public enum Place: String, Hashable, Sendable, CaseIterable {
        case input
        case filter
        case bias
        case products
        case output
    }

    private let places: Set<Place>

    public init(_ places: Set<Place>) {
        self.places = places
    }

    public var capabilities: Capabilities { Capabilities(negativePads: true) }

    public func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        var convolution = try FaultyEngine.right(problem, input: input, filter: filter, bias: bias)
        if places.contains(.input) { convolution.input.apply(\.flushed) }
        if places.contains(.filter) { convolution.filter.apply(\.flushed) }
        if places.contains(.bias) { convolution.bias = bias?.map(\.flushed) }
        if places.contains(.products), convolution.mayUnderflow {
            convolution.multiply = { value, weight in (value * weight).flushed }
        }
        if places.contains(.output) { convolution.element = { _, value in value.flushed } }
        return convolution.computed()
    }
}

extension EngineRegistry {
    /// Engines that flush one tensor, the products, or everything: right, and no suite may accuse them.
    public static var flushingEngines: EngineRegistry {
        var engines = EngineRegistry()
        for place in FlushingEngine.Place.allCases {
            engines.register("flushed-\(place.rawValue)") { FlushingEngine([place]) }
        }
        engines.register("flushed-factors") { FlushingEngine([.input, .filter]) }
        engines.register("flushed-everywhere") { FlushingEngine(Set(FlushingEngine.Place.allCases)) }
        return engines
    }
}

extension FaultableConvolution {
    /// Whether a product of two numbers other than zero may be subnormal.
    fileprivate var mayUnderflow: Bool {
        func least(_ elements: [Float]) -> Float {
            elements.lazy.filter { $0 != 0 }.map(\.magnitude).min() ?? 1
        }
        return least(input.tensor.elements) * least(filter.tensor.elements) < .leastNormalMagnitude
    }
}
