internal import Conformance
internal import Convolution

/// The terms of each element of a case's output: the products, exact in float64, of what lies inside the input, and the
/// bias.
struct Terms {
    private let golden: GoldenCase
    private let geometry: Geometry
    /// The elements of the output.
    let count: Int

    /// - Throws: `InvalidProblem` where there is no output.
    init(_ golden: GoldenCase) throws {
        self.golden = golden
        geometry = try golden.header.problem.geometry()
        count = geometry.outputShape.count
    }

    /// Gives each term of the element at a place in C order to `body`.
    func forEach(at place: Int, _ body: (Double) -> Void) {
        let shape = geometry.outputShape
        let (rest, filter) = place.quotientAndRemainder(dividingBy: shape[3])
        let (row, x) = rest.quotientAndRemainder(dividingBy: shape[2])
        let (n, y) = row.quotientAndRemainder(dividingBy: shape[1])
        let firstChannel = geometry.firstChannel(ofFilter: filter)
        for ky in 0..<geometry.kernelHeight {
            for kx in 0..<geometry.kernelWidth {
                guard let inputRow = geometry.inputRow(y, ky), let inputColumn = geometry.inputColumn(x, kx) else {
                    continue
                }
                for c in 0..<geometry.channelsPerGroup {
                    body(
                        Double(golden.input[n, inputRow, inputColumn, firstChannel + c])
                            * Double(golden.filter[ky, kx, c, filter]))
                }
            }
        }
        if let bias = golden.bias { body(Double(bias[filter])) }
    }
}
