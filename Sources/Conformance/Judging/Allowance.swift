internal import Convolution

/// The error that each element of one case may have.
///
/// With K products in an element (one more with a bias), u the unit roundoff of the engine's arithmetic and M the
/// element's magnitude (the sum of |input x filter| and |bias|), the derived allowance is
///
/// - on integer data, for an engine that adds products directly in float32: nothing. Every partial sum is exact.
/// - otherwise |got - want| <= (2 sqrt(K) + 4) u M + u |want|. The a-priori bound K u M (Higham, Accuracy and Stability
///   of Numerical Algorithms, 2nd ed., 3.1) is sure, but for large K looser than a missing tap; rounding errors are
///   independent enough that correct engines stay below 1.2 sqrt(K) u M, and reduced precision does not.
/// - for a transform engine, u times the largest error of the case's ``TransformScale``, plus u |want|, on all data.
///
/// Below the smallest normal number p errors stop being relative: M is raised by K p (Higham, 2.1), and where factors
/// are rounded and some are that small, by as many times the largest factor.
///
/// A root mean square over the case, ``rmsLimit(elements:)``, catches an error that is small and everywhere.
struct Allowance: Sendable {
    /// Factor of M.
    private(set) var perMagnitude = 0.0
    /// Factor of |want|.
    private(set) var perWant = 0.0
    /// Added to the rest.
    private(set) var absolute = 0.0
    /// Numbers of float32 between got and want, where that is how distance is measured.
    private(set) var ulps: Int?
    /// The errors of a transform engine, whose elements' own magnitudes do not count.
    private var transforms: TransformScale?
    /// What M is raised by.
    private var underflow = 0.0
    private var rms: Double?
    private let unitRoundoff: Double

    init(
        tolerance: Tolerance, golden: GoldenCase, output: GoldenCase.Output, geometry: Geometry,
        capabilities: Capabilities
    ) {
        let unitRoundoff = capabilities.arithmetic.unitRoundoff
        self.unitRoundoff = unitRoundoff
        switch tolerance {
        case .exact: ulps = 0
        case .ulp(let count): ulps = count
        case .absolute(let bound): absolute = bound
        case .relative(let bound): perWant = bound
        case .bound(let factor): perMagnitude = factor * unitRoundoff
        case .derived:
            let (algorithm, arithmetic) = (capabilities.algorithm, capabilities.arithmetic)
            if golden.header.data == .integer, algorithm == .direct, arithmetic == .float32 {
                ulps = 0
                break
            }
            perWant = unitRoundoff
            if algorithm == .direct {
                let terms = Double(Allowance.terms(of: golden.header.problem))
                underflow =
                    terms * arithmetic.leastNormalMagnitude * Allowance.largestFactor(beside: golden, arithmetic)
                perMagnitude = (2 * terms.squareRoot() + 4) * unitRoundoff
                rms = terms.squareRoot() / 3 + 1
            } else {
                transforms = TransformScale(golden, output: output, geometry: geometry, capabilities: capabilities)
                rms = 1
            }
        }
    }

    /// The largest factor, 1 at least, where factors are rounded and there are subnormal ones: by so much the absolute error
    /// of such a factor is enlarged.
    private static func largestFactor(beside golden: GoldenCase, _ arithmetic: Arithmetic) -> Double {
        if arithmetic == .float32 { return 1 }
        let factors = [golden.input.elements, golden.filter.elements].joined().lazy.map { Double($0.magnitude) }
        guard factors.contains(where: { $0 > 0 && $0 < arithmetic.leastNormalMagnitude }) else { return 1 }
        return factors.reduce(1) { $1 < arithmetic.smallestInfiniteFactor ? max($0, $1) : $0 }
    }

    /// Numbers that are added up in one output element: K.
    private static func terms(of problem: Problem) -> Int {
        problem.filter[0] * problem.filter[1] * problem.filter[2] + (problem.biasCount == nil ? 0 : 1)
    }

    /// The largest |got - want| that the element at `offset` of the output may have.
    func allowed(want: Double, magnitude: Double, offset: Int) -> Double {
        if let ulps { return Double(ulps) * Double(Float(want).ulp) }
        if let transforms { return unitRoundoff * transforms.largest(at: offset) + perWant * abs(want) }
        return absolute + perMagnitude * scale(magnitude) + perWant * abs(want)
    }

    /// The error of the element at `offset` in the units of ``rmsLimit(elements:)``; `nil` where it does not count.
    func standardized(error: Double, magnitude: Double, offset: Int) -> Double? {
        let scale = transforms?.rootMeanSquare(at: offset) ?? scale(magnitude)
        return rms != nil && scale > 0 ? error / (unitRoundoff * scale) : nil
    }

    private func scale(_ magnitude: Double) -> Double {
        // A magnitude beyond float32 is stored as an infinity, which must not allow everything.
        let scale = min(magnitude, 0x1p128)
        return scale == 0 ? 0 : scale + underflow
    }

    /// The largest root mean square of |got - want| / (u M) over a case: (sqrt(K) / 3 + 1) (1 + 4 / sqrt(N)), and for a
    /// transform engine, in units of what its ``TransformScale`` says, 1 in the place of sqrt(K) / 3 + 1.
    ///
    /// Correct direct engines stay below sqrt(K) / 4 over many elements. The second factor is what N elements leave to
    /// chance: the root mean square of one element is that element's own error.
    func rmsLimit(elements: Int) -> Double? {
        rms.map { $0 * (1 + 4 / Double(max(elements, 1)).squareRoot()) }
    }
}
