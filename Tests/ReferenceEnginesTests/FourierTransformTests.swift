import ComplexModule
import Conformance
import Convolution
import ExactArithmetic
import Testing
import _TestSupport

@testable import ReferenceEngines

@Suite struct FourierTransforms {
    static let lengths = (1...50).filter { FourierTransform.length(atLeast: $0) == $0 } + [96, 120, 125, 128]

    /// Against the definition in float64; an error of a few roundings, of the norm of the sequence, that grows with the
    /// logarithm of the length.
    @Test(arguments: lengths, [1, 3])
    func agreesWithTheDefinition(length: Int, width: Int) {
        var random = RandomNumbers(seed: UInt64(length))
        let numbers = (0..<length * width).map { _ in Complex<Float>(random.real(), random.real()) }
        let data = Scratch<Complex<Float>>(repeating: .zero, count: numbers.count)
        let spare = Scratch<Complex<Float>>(repeating: .zero, count: numbers.count)
        data.pointer.update(from: numbers, count: numbers.count)
        FourierTransform(count: length).transform(data.pointer, width: width, spare: spare.pointer)
        for column in 0..<width {
            let sequence = (0..<length).map { numbers[$0 * width + column] }
                .map { Complex<Double>(Double($0.real), Double($0.imaginary)) }
            let norm = sequence.reduce(0) { $0 + $1.lengthSquared }.squareRoot()
            let allowed = Double(2 + length.bitWidth - length.leadingZeroBitCount) * 0x1p-24 * norm
            for k in 0..<length {
                let want = (0..<length).reduce(Complex<Double>.zero) { sum, j in
                    sum + sequence[j] * Complex(length: 1, phase: -2 * .pi * Double(j * k % length) / Double(length))
                }
                let got = data.pointer[k * width + column]
                let error = (Complex(Double(got.real), Double(got.imaginary)) - want).length
                #expect(error <= allowed, "k = \(k), column \(column)")
            }
        }
    }

    @Test func lengthsAreProductsOfTwoThreeAndFive() {
        #expect(Self.lengths.prefix(16) == [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 25])
        #expect(FourierTransform.length(atLeast: 0) == 1)
        #expect(FourierTransform.length(atLeast: 101) == 108)
        #expect(FourierTransform.length(atLeast: 4097) == 4320)
    }

    /// Rows that are put into a plane come back, whatever the remainder of its size; only wanted rows are computed.
    @Test(arguments: [(1, 1), (1, 5), (4, 2), (5, 3), (6, 8), (9, 4)])
    func aPlaneComesBackFromItsSpectrum(rows: Int, columns: Int) {
        var random = RandomNumbers(seed: 34)
        let plane = FourierPlane(rows: rows, columns: columns)
        let spectrum = Scratch<Complex<Float>>(repeating: .zero, count: plane.frequencies)
        let step = 2
        let count = (plane.rows.count + step - 1) / step
        let numbers = (0..<plane.columns.count * count).map { _ in random.real() }
        plane.transform(rows: count, step: step, to: spectrum.pointer) { across in
            for index in numbers.indices { across[index] = Complex(numbers[index], 0) }
        }
        for k in 0..<plane.frequencies { spectrum.pointer[k] = spectrum.pointer[k].conjugate }
        let values = plane.plane(ofConjugate: spectrum.pointer, rows: plane.rows.count, step: 1)
        for column in 0..<plane.columns.count {
            for row in 0..<plane.rows.count {
                let want = row % step == 0 ? numbers[column * count + row / step] : 0
                let got = values[column * plane.rows.count + row]
                #expect((got - Complex(want, 0)).length < 1e-6, "row \(row), column \(column)")
            }
        }
    }

    /// A batch larger than what is held at once is transformed in parts.
    @Test func aLargeBatchIsTransformedInParts() throws {
        var random = RandomNumbers(seed: 35)
        let call = Call(Problem(input: [5, 4, 6, 4], filter: [2, 3, 2, 4], groups: 2)) { random.real() }
        let want = try call.output(of: FFTEngine())
        for limit in [1, 100, 1 << 20] {
            let correlation = FourierCorrelation(geometry: try call.problem.geometry(), spectraLimit: limit)
            var output = [Float](repeating: 0, count: want.elements.count)
            correlation.add(call.input.elements, with: call.filter.elements, to: &output)
            #expect(output == want.elements, "\(limit)")
        }
    }
}
