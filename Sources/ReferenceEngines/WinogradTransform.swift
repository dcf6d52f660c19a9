/// The matrices of Winograd's minimal filtering F(m x m, 3 x 3): an m x m tile of outputs from an (m + 2) x (m + 2)
/// tile of inputs, with (m + 2)^2 multiplications where the definition takes 9 m^2.
///
///     output = A^T [ (G g G^T) * (B^T d B) ] A
///
/// for an input tile d and a filter g, where `*` multiplies element by element. It holds because along each axis
/// sum over i of A^T[o, i] G[i, k] B^T[i, j] is 1 where j = o + k, and else 0.
///
/// Source: A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, arXiv:1509.09308:
/// sections 4.1 (m = 2) and 4.3 (m = 4).
struct WinogradTransform: Sendable {
    /// m: rows and columns of outputs in a tile.
    let outputTile: Int
    /// B^T `[m + 2, m + 2]`.
    let input: [[Int]]
    /// G `[m + 2, 3]` in units of 1 / ``filterDenominator``.
    let filter: [[Int]]
    let filterDenominator: Int
    /// A^T `[m, m + 2]`.
    let output: [[Int]]

    /// m + 2: rows and columns of inputs that a tile needs.
    var inputTile: Int { outputTile + 2 }

    /// F(2x2, 3x3).
    static let twoByTwo = WinogradTransform(
        outputTile: 2,
        input: [
            [1, 0, -1, 0],
            [0, 1, 1, 0],
            [0, -1, 1, 0],
            [0, 1, 0, -1],
        ],
        filter: [
            [2, 0, 0],
            [1, 1, 1],
            [1, -1, 1],
            [0, 0, 2],
        ],
        filterDenominator: 2,
        output: [
            [1, 1, 1, 0],
            [0, 1, -1, -1],
        ])

    /// F(4x4, 3x3).
    static let fourByFour = WinogradTransform(
        outputTile: 4,
        input: [
            [4, 0, -5, 0, 1, 0],
            [0, -4, -4, 1, 1, 0],
            [0, 4, -4, -1, 1, 0],
            [0, -2, -1, 2, 1, 0],
            [0, 2, -1, -2, 1, 0],
            [0, 4, 0, -5, 0, 1],
        ],
        filter: [
            [6, 0, 0],
            [-4, -4, -4],
            [-4, 4, -4],
            [1, 2, 4],
            [1, -2, 4],
            [0, 0, 24],
        ],
        filterDenominator: 24,
        output: [
            [1, 1, 1, 1, 1, 0],
            [0, 1, -1, 2, -2, 0],
            [0, 1, 1, 4, 4, 0],
            [0, 1, -1, 8, -8, 1],
        ])
}
