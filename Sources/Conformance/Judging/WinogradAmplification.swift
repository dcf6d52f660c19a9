/// How much one axis of Winograd's minimal filtering F(m, r) can enlarge the rounding errors of its numbers.
///
/// With the matrices A^T, B^T and G of F(m, r), an output o of a tile is sum over points p of A^T[o, p] g_p d_p, with
/// g = G g' and d = B^T d'. By Cauchy's inequality |g_p| <= ||G[p]|| ||g'|| and |d_p| <= ||B^T[p]|| ||d'||, and errors
/// of the points that are independent add in quadrature, so that the error of output o follows
///
///     a(o) = sqrt( sum over p of (A^T[o, p] ||G[p]|| ||B^T[p]||)^2 ),
///
/// the Frobenius form of the bound of B. Barabasz, A. Anderson, K. M. Soodhalter, D. Gregg, "Error Analysis and
/// Improving the Accuracy of Winograd Convolution for Deep Neural Networks", arXiv:1803.10986, theorem 1. It does not
/// depend on how a row of one matrix is scaled against the others, but on the points: 0, 1, -1, 2, -2, 1/2, -1/2, 4 ...
/// and infinity, as in wide use. F(4, 3) with 1/2 in the place of -2 errs less.
struct WinogradAmplification {
    /// The root mean square of a(o) over the outputs of a tile.
    let mean: Double
    /// The largest a(o).
    let largest: Double

    /// - Parameters:
    ///   - outputs: m, from 1 to 16; what is outside is taken for the nearest.
    ///   - kernel: r; a kernel of more taps than are computed at once in wide use is taken for one in pieces.
    init(outputs: Int, kernel: Int) {
        let m = min(max(outputs, 1), 16)
        let r = min(max(kernel, 1), max(3, 9 - m))
        let points = WinogradAmplification.points(count: m + r - 2)
        var squares = [Double](repeating: 0, count: m)
        for (place, point) in points.enumerated() {
            let others = points[..<place] + points[(place + 1)...]
            let denominator = others.reduce(1) { $0 * (point - $1) }
            let input = squaredNorm(ofPolynomialWithRoots: others)
            let filter = (0..<r).reduce(0) { $0 + power(point * point, $1) } / (denominator * denominator)
            for output in 0..<m { squares[output] += power(point * point, output) * input * filter }
        }
        // Infinity: the leading coefficients, which reach the last output alone.
        squares[m - 1] += squaredNorm(ofPolynomialWithRoots: points[...])
        mean = (squares.reduce(0, +) / Double(m)).squareRoot()
        largest = (squares.max() ?? 0).squareRoot()
    }

    /// 0, then 1, -1, and for each further power of two 2, -2, 1/2, -1/2.
    private static func points(count: Int) -> [Double] {
        var points = [0.0, 1, -1]
        var scale = 2.0
        while points.count < count {
            points += [scale, -scale, 1 / scale, -1 / scale]
            scale *= 2
        }
        return Array(points.prefix(count))
    }
}

private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
}

/// The sum of the squares of the coefficients of (x - r1) (x - r2) ...
private func squaredNorm(ofPolynomialWithRoots roots: ArraySlice<Double>) -> Double {
    var coefficients = [1.0]
    for root in roots {
        coefficients = zip(coefficients + [0], [0] + coefficients).map { $0 - root * $1 }
    }
    return coefficients.reduce(0) { $0 + $1 * $1 }
}
