public import Conformance
internal import Convolution

extension EngineRegistry {
    /// The project's own engines: `reference`, `direct`, `im2col`.
    public static var builtIn: EngineRegistry {
        var engines = EngineRegistry()
        engines.register("reference") { ExactReference() }
        engines.register("direct") { DirectEngine() }
        engines.register("im2col") { Im2colEngine() }
        return engines
    }
}

extension Capabilities {
    /// Everything, directly, in float32, in every layout.
    static var everyLayout: Capabilities {
        Capabilities(
            inputLayouts: ActivationLayout.allCases, filterLayouts: FilterLayout.allCases, negativePads: true)
    }
}
