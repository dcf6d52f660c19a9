public import Conformance
internal import Convolution

extension EngineRegistry {
    /// The project's own engines.
    ///
    /// `reference`, `direct` and `im2col` add products; `winograd-2x2-3x3`, `winograd-4x4-3x3` and `fft` work in a
    /// transformed domain.
    public static var builtIn: EngineRegistry {
        var engines = EngineRegistry()
        engines.register(bounded: "reference") { ExactReference() }
        engines.register(bounded: "direct") { DirectEngine() }
        engines.register(bounded: "im2col") { Im2colEngine() }
        engines.register("winograd-2x2-3x3") { WinogradEngine(outputTile: .twoByTwo) }
        engines.register("winograd-4x4-3x3") { WinogradEngine(outputTile: .fourByFour) }
        engines.register("fft") { FFTEngine() }
        return engines
    }

    /// Engines that are right, each in its own way, and that no suite may accuse: the built-in ones, float32 in
    /// every ``SummationOrder``, and declared sums of float16.
    public static var correctEngines: EngineRegistry {
        var engines = EngineRegistry.builtIn
        for order in SummationOrder.allCases {
            engines.register(bounded: "float32-\(order.rawValue)") { SummationOrderEngine(order) }
        }
        engines.register(bounded: "float16-sums") { Float16SumsEngine() }
        return engines
    }
}
