internal import Convolution

/// The definition, summed by an exact accumulator: for all data, also where NaN or infinities are among them.
struct AccumulatedRows: ExactRows {
    let geometry: Geometry
    /// In logical memory order.
    let input: Tensor<Float>
    /// `[kernel height, kernel width, channels / groups, filters]`.
    let filter: Tensor<Float>
    let bias: [Float]?

    func compute(from first: Int, step: Int, into results: ExactResults) {
        var sum = ExactSum()
        var magnitude = ExactSum()
        for row in stride(from: first, to: geometry.batch * geometry.outputHeight, by: step) {
            let (n, y) = row.quotientAndRemainder(dividingBy: geometry.outputHeight)
            for x in 0..<geometry.outputWidth {
                for f in 0..<geometry.filters {
                    sum.reset()
                    magnitude.reset()
                    forEachProduct(n, y, x, f) { value, weight in
                        sum.add(value, times: weight)
                        magnitude.add(value.magnitude, times: weight.magnitude)
                    }
                    results.store(
                        sum.rounded(), magnitude: magnitude.rounded(),
                        at: (row * geometry.outputWidth + x) * geometry.filters + f)
                }
            }
        }
    }

    /// The products of one output element; the bias is the product of itself and 1.
    private func forEachProduct(_ n: Int, _ y: Int, _ x: Int, _ f: Int, _ body: (Float, Float) -> Void) {
        let firstChannel = geometry.firstChannel(ofFilter: f)
        for ky in 0..<geometry.kernelHeight {
            guard let inputRow = geometry.inputRow(y, ky) else { continue }
            for kx in 0..<geometry.kernelWidth {
                guard let inputColumn = geometry.inputColumn(x, kx) else { continue }
                for c in 0..<geometry.channelsPerGroup {
                    body(input[n, inputRow, inputColumn, firstChannel + c], filter[ky, kx, c, f])
                }
            }
        }
        if let bias { body(bias[f], 1) }
    }
}
