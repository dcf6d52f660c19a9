@testable import ExactArithmetic

// What tests of float32 say without conversions to float64, which holds every float32.

extension OddRounded {
    /// The real number, rounded once to float32.
    var float: Float { Float(odd) }
}

extension IntegerGrid {
    init?(_ values: [Float]) { self.init(values.map { Double($0) }) }
}
