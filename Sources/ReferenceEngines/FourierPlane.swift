internal import ComplexModule
internal import ExactArithmetic

/// Planes of real numbers in the frequency domain, all of one size.
///
/// The spectrum of a real plane is its own mirror image, conjugated: X[-ky, -kx] = conj(X[ky, kx]). Only the first
/// columns / 2 + 1 columns of frequencies are computed and kept.
struct FourierPlane: ~Copyable {
    let rows: FourierTransform
    let columns: FourierTransform
    /// `[columns, rows]`: a plane, transposed, so that its rows are transformed side by side.
    private let across: Scratch<Complex<Float>>
    private let spare: Scratch<Complex<Float>>

    /// Columns of frequencies that are kept.
    private var half: Int { columns.count / 2 + 1 }
    /// Elements of a spectrum `[rows, columns / 2 + 1]`.
    var frequencies: Int { rows.count * half }

    /// Planes of at least so many rows and columns.
    init(rows: Int, columns: Int) {
        self.rows = FourierTransform(count: FourierTransform.length(atLeast: rows))
        self.columns = FourierTransform(count: FourierTransform.length(atLeast: columns))
        let count = self.rows.count * self.columns.count
        across = Scratch(repeating: .zero, count: count)
        spare = Scratch(repeating: .zero, count: count)
    }

    /// The spectrum of a plane that is zero but for some rows.
    ///
    /// - Parameters:
    ///   - count: how many rows there are.
    ///   - step: the distance between them; the first is row 0.
    ///   - spectrum: room for ``frequencies`` elements.
    ///   - fill: sets elements `[column, row]` of a transposed plane of zeros, with `count` elements a column.
    func transform(
        rows count: Int, step: Int, to spectrum: UnsafeMutablePointer<Complex<Float>>,
        fill: (UnsafeMutablePointer<Complex<Float>>) -> Void
    ) {
        across.pointer.update(repeating: .zero, count: columns.count * count)
        fill(across.pointer)
        columns.transform(across.pointer, width: count, spare: spare.pointer)
        spectrum.update(repeating: .zero, count: frequencies)
        for row in 0..<count {
            for k in 0..<half {
                spectrum[row * step * half + k] = across.pointer[k * count + row]
            }
        }
        rows.transform(spectrum, width: half, spare: spare.pointer)
    }

    /// Some rows of the plane of a spectrum.
    ///
    /// As the plane is real, it is the forward transform of its conjugate spectrum, divided by rows x columns.
    ///
    /// - Parameters:
    ///   - conjugate: the spectrum, conjugated; overwritten.
    ///   - count: how many rows are wanted.
    ///   - step: the distance between them; the first is row 0.
    /// - Returns: `[columns, rows]`, the plane transposed, `count` elements a column; valid until the next call.
    func plane(
        ofConjugate conjugate: UnsafeMutablePointer<Complex<Float>>, rows count: Int, step: Int
    ) -> UnsafePointer<Complex<Float>> {
        rows.transform(conjugate, width: half, spare: spare.pointer)
        let scale = 1 / Float(rows.count * columns.count)
        for row in 0..<count {
            for k in 0..<half {
                across.pointer[k * count + row] = conjugate[row * step * half + k].multiplied(by: scale)
            }
            for k in half..<columns.count {
                across.pointer[k * count + row] = across.pointer[(columns.count - k) * count + row].conjugate
            }
        }
        columns.transform(across.pointer, width: count, spare: spare.pointer)
        return UnsafePointer(across.pointer)
    }
}
