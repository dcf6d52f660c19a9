public import Convolution

/// How one answer was computed, as the engine says with it; what it does not say is as its capabilities declare.
///
/// Real libraries choose by the problem: Winograd for one shape, a direct kernel for another. Each answer is judged by
/// what computed it.
public struct Computation: Hashable, Sendable {
    public var algorithm: Capabilities.Algorithm?
    /// The outputs in a tile of a transform; see ``Capabilities/tile``.
    public var tile: Extent?
    public var arithmetic: Arithmetic?
    /// The name of the kernel or primitive that computed it, for reports.
    public var implementation: String?

    public init(
        algorithm: Capabilities.Algorithm? = nil, tile: Extent? = nil, arithmetic: Arithmetic? = nil,
        implementation: String? = nil
    ) {
        self.algorithm = algorithm
        self.tile = tile
        self.arithmetic = arithmetic
        self.implementation = implementation
    }

    /// Whether it says nothing.
    public var isEmpty: Bool { self == Computation() }
}

extension Capabilities {
    /// What an answer is judged by: these, with what the answer says of itself in their place, for tensors of some types.
    func specialized(by computation: Computation, for types: ElementTypes) -> Capabilities {
        var capabilities = self
        if let algorithm = computation.algorithm {
            // A tile was declared for the declared algorithm only.
            if algorithm != capabilities.algorithm { capabilities.tile = nil }
            capabilities.algorithm = algorithm
        }
        if let tile = computation.tile { capabilities.tile = tile }
        capabilities.arithmetic = (computation.arithmetic ?? arithmetic)
            .applied(to: types, isOfAnswer: computation.arithmetic != nil)
        return capabilities
    }
}
