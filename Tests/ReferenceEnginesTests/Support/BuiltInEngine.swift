import Conformance
import ReferenceEngines

/// The built-in engines that add products, as arguments of tests.
enum BuiltInEngine: String, CaseIterable {
    case reference, direct, im2col

    var engine: any Engine {
        switch self {
        case .reference: ExactReference()
        case .direct: DirectEngine()
        case .im2col: Im2colEngine()
        }
    }
}
