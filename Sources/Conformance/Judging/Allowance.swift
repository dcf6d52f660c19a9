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
/// - for a transform engine, ``transformFactor`` u T + u |want| with the case's ``TransformScale`` T, on all data.
///
/// Below the smallest normal number p errors stop being relative: M and T are raised by K p (Higham, 2.1).
///
/// A root mean square over the case, ``rmsLimit(elements:)``, catches an error that is small and everywhere.
struct Allowance: Sendable {
    /// The largest error of a transform engine, and the largest root mean square, in units of u T.
    ///
    /// They are what Winograd's F(4x4, 3x3) needs, the least accurate algorithm in wide use for float32: its matrices
    /// can enlarge a rounding error 1043 times (the Euclidean norm over taps of the product of their magnitudes), those
    /// of F(2x2, 3x3) 24 times. Measured on this project's engines over 14000 random geometries with C = 1 ... 512 and
    /// kernels of 1 ... 10000 taps, the worst element and the worst root mean square in units of u T were
    ///
    /// | numbers | F(4x4, 3x3) | F(2x2, 3x3) | FFT |
    /// |---|---|---|---|
    /// | of one sign, of mixed signs, over 40 binades, sparse, with outliers | 240, 18 | 45, 10 | 91, 25 |
    /// | made to be hard: all alike, in increasing order, graded over 30 binades | 432, 19 | 148, 10 | 120, 31 |
    ///
    /// and less than a sixth of the limits on the golden suites. Inputs rounded to TF32, on reals of mixed signs,
    /// exceed one of the limits 29 times at K = 9, 11 times at K = 576, and 1.5 times at K = 4608.
    static let transformFactor = 1024.0
    static let transformRms = 64.0

    /// Factor of M.
    private(set) var perMagnitude = 0.0
    /// Factor of |want|.
    private(set) var perWant = 0.0
    /// Added to the rest.
    private(set) var absolute = 0.0
    /// Numbers of float32 between got and want, where that is how distance is measured.
    private(set) var ulps: Int?
    /// The scale of every element's error, where the element's own magnitude does not count.
    private(set) var sharedScale: Double?
    /// What M and T are raised by.
    private var underflow = 0.0
    private let rms: Double?
    private let unitRoundoff: Double

    init(
        tolerance: Tolerance, problem: Problem, data: CaseDescription.DataFamily, capabilities: Capabilities,
        transformScale: @autoclosure () -> TransformScale
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
            let terms = Double(Allowance.terms(of: problem))
            underflow = terms * capabilities.arithmetic.leastNormalMagnitude
            perWant = unitRoundoff
            switch capabilities.algorithm {
            case .direct:
                perMagnitude = (2 * terms.squareRoot() + 4) * unitRoundoff
                rms = terms.squareRoot() / 3 + 1
            case .transform:
                perMagnitude = Allowance.transformFactor * unitRoundoff
                rms = Allowance.transformRms
                sharedScale = transformScale().value
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
        return absolute + perMagnitude * scale(magnitude) + perWant * abs(want)
    }

    /// An error in units of u M or u T, for the root mean square; `nil` where it is not taken.
    func standardized(error: Double, magnitude: Double) -> Double? {
        let scale = scale(magnitude)
        return rms != nil && scale > 0 ? error / (unitRoundoff * scale) : nil
    }

    private func scale(_ magnitude: Double) -> Double {
        // A magnitude beyond float32 is stored as an infinity, which must not allow everything.
        let scale = min(sharedScale ?? magnitude, 0x1p128)
        return scale == 0 ? 0 : scale + underflow
    }

    /// The largest root mean square of |got - want| / (u M) over a case: (sqrt(K) / 3 + 1) (1 + 4 / sqrt(N)), and for a
    /// transform engine, in units of u T, ``transformRms`` in the place of sqrt(K) / 3 + 1.
    ///
    /// Correct direct engines stay below sqrt(K) / 4 over many elements. The second factor is what N elements leave to
    /// chance: the root mean square of one element is that element's own error.
    func rmsLimit(elements: Int) -> Double? {
        rms.map { $0 * (1 + 4 / Double(max(elements, 1)).squareRoot()) }
    }
}
