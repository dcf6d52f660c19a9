/// A small matrix M that transforms both axes of a tile: M X M^T.
struct TileMatrix: Sendable {
    let rows: Int
    let columns: Int
    /// `[rows, columns]`.
    private let coefficients: [Float]

    /// A matrix of fractions, each rounded to float32.
    init(_ numerators: [[Int]], over denominator: Int = 1) {
        rows = numerators.count
        columns = numerators[0].count
        coefficients = numerators.joined().map { Float(Double($0) / Double(denominator)) }
    }

    /// Transforms `depth` tiles at once.
    ///
    /// - Parameters:
    ///   - tiles: `[columns, columns, depth]`.
    ///   - half: room for `[rows, columns, depth]`.
    ///   - result: room for `[rows, rows, depth]`.
    func transform(
        _ tiles: UnsafePointer<Float>, depth: Int, half: UnsafeMutablePointer<Float>,
        to result: UnsafeMutablePointer<Float>
    ) {
        combine(tiles, size: columns * depth, to: half)
        for row in 0..<rows {
            combine(half + row * columns * depth, size: depth, to: result + row * rows * depth)
        }
    }

    /// result[i] = sum over j of M[i, j] parts[j], where a part has `size` elements.
    private func combine(_ parts: UnsafePointer<Float>, size: Int, to result: UnsafeMutablePointer<Float>) {
        for i in 0..<rows {
            let sum = result + i * size
            sum.update(repeating: 0, count: size)
            for j in 0..<columns {
                let coefficient = coefficients[i * columns + j]
                if coefficient == 0 { continue }
                let part = parts + j * size
                for element in 0..<size {
                    sum[element] += coefficient * part[element]
                }
            }
        }
    }
}
