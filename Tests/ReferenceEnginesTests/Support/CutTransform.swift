import Conformance
import Foundation

@testable import ReferenceEngines

/// Winograd and FFT as textbooks have them, each operation rounded to so many significant bits.
struct CutTransform: Engine {
    enum Algorithm: String, CaseIterable {
        case winograd2, winograd4, fft
    }

    let algorithm: Algorithm
    let bits: Int

    var capabilities: Capabilities {
        switch algorithm {
        case .winograd2: Capabilities(algorithm: .winograd, tile: Extent(height: 2, width: 2))
        case .winograd4: Capabilities(algorithm: .winograd, tile: Extent(height: 4, width: 4))
        case .fft: Capabilities(algorithm: .fft)
        }
    }

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        let geometry = try problem.geometry()
        let rows =
            (geometry.outputHeight - 1) * geometry.strides.height
            + (geometry.kernelHeight - 1) * geometry.dilations.height + 1
        let columns =
            (geometry.outputWidth - 1) * geometry.strides.width
            + (geometry.kernelWidth - 1) * geometry.dilations.width + 1
        var planes: [[Plane]] = []
        for n in 0..<geometry.batch {
            let channels = (0..<geometry.channels).map { c in
                Plane(rows, columns) { y, x in
                    let (row, column) = (y - geometry.pads.top, x - geometry.pads.left)
                    guard 0..<geometry.height ~= row, 0..<geometry.width ~= column else { return 0 }
                    return Double(input[n, row, column, c])
                }
            }
            planes.append(
                (0..<geometry.filters).map { f in
                    let first = geometry.firstChannel(ofFilter: f)
                    let kernels = (0..<geometry.channelsPerGroup).map { c in
                        Plane(geometry.kernelHeight, geometry.kernelWidth) { Double(filter[$0, $1, c, f]) }
                    }
                    let seen = Array(channels[first..<first + geometry.channelsPerGroup])
                    return algorithm == .fft
                        ? correlateByFFT(seen, kernels, geometry.dilations) : correlateByWinograd(seen, kernels)
                })
        }
        return Tensor(shape: geometry.outputShape, order: input.order) { n, y, x, f in
            let sum = planes[n][f][y * geometry.strides.height, x * geometry.strides.width]
            return Float(cut(sum + Double(bias?[f] ?? 0)))
        }
    }

    /// The nearest number of so many significant bits.
    private func cut(_ number: Double) -> Double {
        guard number != 0, bits < 53 else { return number }
        let unit = Double(sign: .plus, exponent: number.exponent - bits + 1, significand: 1)
        return (number / unit).rounded(.toNearestOrEven) * unit
    }

    private func correlateByWinograd(_ channels: [Plane], _ kernels: [Plane]) -> Plane {
        let transform = algorithm == .winograd2 ? WinogradTransform.twoByTwo : .fourByFour
        let (m, points) = (transform.outputTile, transform.inputTile)
        let scale = Double(transform.filterDenominator)
        let filterMatrix = transform.filter.map { $0.map { cut(Double($0) / scale) } }
        let weights = kernels.map { combined($0, filterMatrix) }
        var output = Plane(channels[0].rows - 2, channels[0].columns - 2) { _, _ in 0 }
        for top in stride(from: 0, to: output.rows, by: m) {
            for left in stride(from: 0, to: output.columns, by: m) {
                var sum = Plane(points, points) { _, _ in 0 }
                for (channel, weight) in zip(channels, weights) {
                    let tile = Plane(points, points) { y, x in
                        top + y < channel.rows && left + x < channel.columns ? channel[top + y, left + x] : 0
                    }
                    let values = combined(tile, transform.input.map { $0.map(Double.init) })
                    sum = Plane(points, points) { cut(sum[$0, $1] + cut(values[$0, $1] * weight[$0, $1])) }
                }
                let result = combined(sum, transform.output.map { $0.map(Double.init) })
                for y in 0..<min(m, output.rows - top) {
                    for x in 0..<min(m, output.columns - left) { output[top + y, left + x] = result[y, x] }
                }
            }
        }
        return output
    }

    /// M X M^T.
    private func combined(_ plane: Plane, _ matrix: [[Double]]) -> Plane {
        func sum(_ row: [Double], _ value: (Int) -> Double) -> Double {
            row.indices.reduce(0) { row[$1] == 0 ? $0 : cut($0 + cut(row[$1] * value($1))) }
        }
        let half = Plane(matrix.count, plane.columns) { i, x in sum(matrix[i]) { plane[$0, x] } }
        return Plane(matrix.count, matrix.count) { i, j in sum(matrix[j]) { half[i, $0] } }
    }

    private func correlateByFFT(_ channels: [Plane], _ kernels: [Plane], _ dilations: Extent) -> Plane {
        func length(_ extent: Int) -> Int { extent <= 1 ? 1 : 1 << (Int.bitWidth - (extent - 1).leadingZeroBitCount) }
        let (rows, columns) = (length(channels[0].rows), length(channels[0].columns))
        let none = Plane(rows, columns) { _, _ in 0 }
        var (real, imaginary) = (none, none)
        for (channel, kernel) in zip(channels, kernels) {
            let image = Plane(rows, columns) { $0 < channel.rows && $1 < channel.columns ? channel[$0, $1] : 0 }
            var spread = none
            for y in 0..<kernel.rows {
                for x in 0..<kernel.columns { spread[y * dilations.height, x * dilations.width] = kernel[y, x] }
            }
            let (a, b) = spectrum(image, none, sign: -1)
            let (p, q) = spectrum(spread, none, sign: -1)
            real = Plane(rows, columns) {
                cut(real[$0, $1] + cut(cut(a[$0, $1] * p[$0, $1]) + cut(b[$0, $1] * q[$0, $1])))
            }
            imaginary = Plane(rows, columns) {
                cut(imaginary[$0, $1] + cut(cut(b[$0, $1] * p[$0, $1]) - cut(a[$0, $1] * q[$0, $1])))
            }
        }
        let values = spectrum(real, imaginary, sign: 1).0
        return Plane(rows, columns) { values[$0, $1] / Double(rows * columns) }
    }

    /// The transform along both axes.
    private func spectrum(_ real: Plane, _ imaginary: Plane, sign: Double) -> (Plane, Plane) {
        var (real, imaginary) = (real, imaginary)
        for _ in 0..<2 {
            let lines = (0..<real.rows).map { y in
                line((0..<real.columns).map { (real[y, $0], imaginary[y, $0]) }, sign)
            }
            // Transposed, so that the second pass is along the other axis, and the result lies as it was given.
            (real, imaginary) = (
                Plane(real.columns, real.rows) { lines[$1][$0].0 }, Plane(real.columns, real.rows) { lines[$1][$0].1 }
            )
        }
        return (real, imaginary)
    }

    /// Cooley and Tukey's, of radix 2.
    private func line(_ numbers: [(Double, Double)], _ sign: Double) -> [(Double, Double)] {
        if numbers.count == 1 { return numbers }
        let half = numbers.count / 2
        let even = line((0..<half).map { numbers[2 * $0] }, sign)
        let odd = line((0..<half).map { numbers[2 * $0 + 1] }, sign)
        var result = numbers
        for k in 0..<half {
            let angle = sign * Double.pi * Double(k) / Double(half)
            let (c, s) = (2 * k == half ? 0 : cut(cos(angle)), cut(sin(angle)))
            let real = cut(cut(c * odd[k].0) - cut(s * odd[k].1))
            let imaginary = cut(cut(c * odd[k].1) + cut(s * odd[k].0))
            result[k] = (cut(even[k].0 + real), cut(even[k].1 + imaginary))
            result[k + half] = (cut(even[k].0 - real), cut(even[k].1 - imaginary))
        }
        return result
    }
}

/// A matrix of numbers.
private struct Plane {
    let rows: Int
    let columns: Int
    private var elements: [Double]

    init(_ rows: Int, _ columns: Int, _ element: (Int, Int) -> Double) {
        (self.rows, self.columns) = (rows, columns)
        elements = (0..<rows * columns).map { element($0 / columns, $0 % columns) }
    }

    subscript(y: Int, x: Int) -> Double {
        get { elements[y * columns + x] }
        set { elements[y * columns + x] = newValue }
    }
}
