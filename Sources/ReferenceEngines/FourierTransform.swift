internal import ComplexModule

/// The discrete Fourier transform of many sequences of one length, in float32.
///
///     X[k] = sum over j of x[j] exp(-2 pi i j k / count)
///
/// A mixed-radix fast transform, self-sorting and decimated in frequency (Stockham's). Sources: J. W. Cooley, J. W.
/// Tukey, "An Algorithm for the Machine Calculation of Complex Fourier Series", 1965; C. Van Loan, "Computational
/// Frameworks for the Fast Fourier Transform", 1992, section 1.7. The roots of unity are computed in float64 and
/// rounded once.
struct FourierTransform: Sendable {
    /// The length of a sequence, a product of powers of 2, 3 and 5.
    let count: Int
    private let radices: [Int]
    /// exp(-2 pi i k / count).
    private let roots: [Complex<Float>]

    /// - Precondition: `count` has no prime factor above 5.
    init(count: Int) {
        self.count = count
        var (rest, radices) = (count, [Int]())
        for radix in [4, 2, 3, 5] {
            while rest % radix == 0 {
                radices.append(radix)
                rest /= radix
            }
        }
        precondition(rest == 1, "\(count) has a prime factor above 5")
        self.radices = radices
        roots = (0..<count).map { k in
            let root = Complex<Double>(length: 1, phase: -2 * .pi * Double(k) / Double(count))
            return Complex(Float(root.real), Float(root.imaginary))
        }
    }

    /// The least length of a transform that is not below `least`.
    static func length(atLeast least: Int) -> Int {
        (max(least, 1)...).first { candidate in
            [2, 3, 5].reduce(candidate) { rest, prime in
                var rest = rest
                while rest % prime == 0 { rest /= prime }
                return rest
            } == 1
        }!
    }

    /// Transforms `width` sequences in place.
    ///
    /// - Parameters:
    ///   - data: `[count, width]`: the sequences are the columns.
    ///   - spare: room for as many elements.
    func transform(
        _ data: UnsafeMutablePointer<Complex<Float>>, width: Int, spare: UnsafeMutablePointer<Complex<Float>>
    ) {
        var (source, target) = (data, spare)
        var (length, stride) = (count, width)
        for radix in radices {
            pass(radix, source, target, length: length, stride: stride)
            length /= radix
            stride *= radix
            swap(&source, &target)
        }
        if source != data { data.update(from: source, count: count * width) }
    }

    /// Splits transforms of `length` elements that lie `stride` apart into `radix` shorter ones each.
    private func pass(
        _ radix: Int, _ source: UnsafePointer<Complex<Float>>, _ target: UnsafeMutablePointer<Complex<Float>>,
        length: Int, stride: Int
    ) {
        let part = length / radix
        for p in 0..<part {
            let from = source + p * stride
            let to = target + p * radix * stride
            let twiddle = p * (count / length)
            switch radix {
            case 2: butterfly2(from, to, part * stride, stride, roots[twiddle])
            case 4:
                let twiddles = (roots[twiddle], roots[2 * twiddle], roots[3 * twiddle])
                butterfly4(from, to, part * stride, stride, twiddles)
            default: butterfly(radix, from, to, part * stride, stride, twiddle: twiddle)
            }
        }
    }

    /// Radix 2, for `width` neighbours at once; the inputs lie `distance` apart.
    private func butterfly2(
        _ from: UnsafePointer<Complex<Float>>, _ to: UnsafeMutablePointer<Complex<Float>>, _ distance: Int,
        _ width: Int, _ twiddle: Complex<Float>
    ) {
        for q in 0..<width {
            let (a, b) = (from[q], from[distance + q])
            to[q] = a + b
            to[width + q] = (a - b) * twiddle
        }
    }

    /// Radix 4.
    private func butterfly4(
        _ from: UnsafePointer<Complex<Float>>, _ to: UnsafeMutablePointer<Complex<Float>>, _ distance: Int,
        _ width: Int, _ twiddles: (Complex<Float>, Complex<Float>, Complex<Float>)
    ) {
        for q in 0..<width {
            let (a, b) = (from[q], from[distance + q])
            let (c, d) = (from[2 * distance + q], from[3 * distance + q])
            let difference = (b - d).rawStorage
            let turned = Complex(difference.y, -difference.x)
            to[q] = (a + c) + (b + d)
            to[width + q] = ((a - c) + turned) * twiddles.0
            to[2 * width + q] = ((a + c) - (b + d)) * twiddles.1
            to[3 * width + q] = ((a - c) - turned) * twiddles.2
        }
    }

    /// Any radix, by the definition: root and twiddle in one factor.
    private func butterfly(
        _ radix: Int, _ from: UnsafePointer<Complex<Float>>, _ to: UnsafeMutablePointer<Complex<Float>>,
        _ distance: Int, _ width: Int, twiddle: Int
    ) {
        for t in 0..<radix {
            let sum = to + t * width
            sum.update(repeating: .zero, count: width)
            for j in 0..<radix {
                let root = roots[(j * t % radix * (count / radix) + twiddle * t) % count]
                let values = from + j * distance
                for q in 0..<width {
                    sum[q] += values[q] * root
                }
            }
        }
    }
}
