internal import Convolution

/// The error that each element of one case may have.
///
/// With K products in an element (one more with a bias), u the unit roundoff of the engine's arithmetic and M the
/// element's magnitude (the sum of |input x filter| and |bias|), the derived allowance is
///
/// - on integer data, for an engine that adds products directly in float32: nothing. Every partial sum is exact.
/// - otherwise |got - want| <= (2 sqrt(K) + 4) u M + u |want|. The a-priori bound K u M (Higham, Accuracy and Stability of
///   Numerical Algorithms, 2nd ed., 3.1) is sure, but for large K looser than a missing tap; rounding errors are
///   independent enough that correct engines stay below 1.2 sqrt(K) u M, and reduced precision does not.
/// - for a transform engine, ``transformFactor`` times that with max(M) over the case in the place of M, on all data: its
///   error follows the largest magnitude in the image.
///
/// A root mean square over the case, ``rmsLimit(elements:)``, catches an error that is small and everywhere.
struct Allowance: Sendable {
    /// How much more than a direct engine a transform engine may err, for the products of transformed data.
    static let transformFactor = 8.0

    /// Factor of M.
    private(set) var perMagnitude = 0.0
    /// Factor of |want|.
    private(set) var perWant = 0.0
    /// Added to the rest.
    private(set) var absolute = 0.0
    /// Numbers of float32 between got and want, where that is how distance is measured.
    private(set) var ulps: Int?
    /// The magnitude of every element, where the element's own does not count.
    private(set) var sharedMagnitude: Double?
    private let rms: Double?
    private let unitRoundoff: Double

    init(
        tolerance: Tolerance, problem: Problem, data: CaseDescription.DataFamily, capabilities: Capabilities,
        largestMagnitude: Double
    ) {
        let unitRoundoff = capabilities.arithmetic.unitRoundoff
        self.unitRoundoff = unitRoundoff
        var rms: Double?
        switch tolerance {
        case .exact: ulps = 0
        case .ulp(let count): ulps = count
        case .absolute(let bound): absolute = bound
        case .relative(let bound): perWant = bound
        case .bound(let factor): perMagnitude = factor * unitRoundoff
        case .derived:
            if data == .integer, capabilities.algorithm == .direct, capabilities.arithmetic == .float32 {
                ulps = 0
                break
            }
            let root = Double(Allowance.terms(of: problem)).squareRoot()
            perMagnitude = (2 * root + 4) * unitRoundoff
            perWant = unitRoundoff
            if capabilities.algorithm == .transform {
                perMagnitude *= Allowance.transformFactor
                sharedMagnitude = largestMagnitude
            } else {
                rms = root / 3 + 1
            }
        }
        self.rms = rms
    }

    /// Numbers that are added up in one output element: K.
    private static func terms(of problem: Problem) -> Int {
        problem.filter[0] * problem.filter[1] * problem.filter[2] + (problem.biasCount == nil ? 0 : 1)
    }

    /// The largest |got - want| that an element may have.
    func allowed(want: Double, magnitude: Double) -> Double {
        if let ulps { return Double(ulps) * Double(Float(want).ulp) }
        // A magnitude beyond float32 is stored as an infinity, which must not allow everything.
        let scale = min(sharedMagnitude ?? magnitude, 0x1p128)
        return absolute + perMagnitude * scale + perWant * abs(want)
    }

    /// An error in units of u M, for the root mean square; `nil` where it is not taken.
    func standardized(error: Double, magnitude: Double) -> Double? {
        rms != nil && magnitude > 0 ? error / (unitRoundoff * magnitude) : nil
    }

    /// The largest root mean square of |got - want| / (u M) over a case: (sqrt(K) / 3 + 1) (1 + 4 / sqrt(N)).
    ///
    /// Correct engines stay below sqrt(K) / 4 over many elements. The second factor is what N elements leave to chance:
    /// the root mean square of one element is that element's own error.
    func rmsLimit(elements: Int) -> Double? {
        rms.map { $0 * (1 + 4 / Double(max(elements, 1)).squareRoot()) }
    }
}
