public import Conformance
public import Convolution
internal import Dispatch

/// The exact mathematical sum of each output element, rounded once to nearest even.
///
///     output[n, y, x, f] = round(bias[f] + sum over ky, kx, c of input[...] * filter[ky, kx, c, f])
///
/// It depends on no order of summation. Where the numbers lie on a common grid (integers, or reals drawn on one), integer
/// arithmetic is exact; else an exact accumulator adds the products up. Both give the same bits.
///
/// NaN and infinities propagate as in IEEE 754, over the products of elements inside the input: padding contributes
/// nothing, also under an infinite weight. A sum of exactly zero is +0.
public struct ExactReference: Engine, Sendable {
    /// How many threads compute one convolution.
    public let workers: Int

    /// - Parameter workers: how many threads compute one convolution; a run has its own, one case each.
    public init(workers: Int = 1) {
        precondition(workers >= 1, "\(workers) threads compute nothing")
        self.workers = workers
    }

    public var capabilities: Capabilities { .everyLayout }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        try exactOutput(problem, input: input, filter: filter, bias: bias).rounded.reordered(to: input.order)
    }

    /// The exact output, rounded to float32 and to float64, and the magnitude that scales a tolerance.
    ///
    /// - Parameters: as for `convolve`, in any memory order.
    /// - Throws: `InvalidProblem`.
    public func exactOutput(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws(InvalidProblem) -> ExactOutput {
        let geometry = try problem.geometry(input: input, filter: filter, bias: bias)
        let input = input.reordered(to: .logical)
        if let operands = IntegerOperands(geometry: geometry, input: input, filter: filter, bias: bias) {
            if let rows = MatrixRows(operands) { return compute(rows, geometry) }
            return compute(IntegerRows(operands), geometry)
        }
        return compute(AccumulatedRows(geometry: geometry, input: input, filter: filter, bias: bias), geometry)
    }

    func compute(_ rows: some ExactRows, _ geometry: Geometry) -> ExactOutput {
        let shape = geometry.outputShape
        var output = ExactOutput(
            rounded: Tensor(repeating: 0, shape: shape), expected: Tensor(repeating: 0, shape: shape),
            magnitude: Tensor(repeating: 0, shape: shape))
        if shape.count == 0 { return output }
        output.rounded.elements.withUnsafeMutableBufferPointer { rounded in
            output.expected.elements.withUnsafeMutableBufferPointer { expected in
                output.magnitude.elements.withUnsafeMutableBufferPointer { magnitude in
                    let results = ExactResults(rounded: rounded, expected: expected, magnitude: magnitude)
                    DispatchQueue.concurrentPerform(iterations: workers) { worker in
                        rows.compute(from: worker, step: workers, into: results)
                    }
                }
            }
        }
        return output
    }
}

extension ExactReference: ExactConvolution {
    public func goldenOutput(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> GoldenCase.Output
    {
        let exact = try exactOutput(problem, input: input, filter: filter, bias: bias)
        return GoldenCase.Output(expected: exact.expected, magnitude: exact.magnitude)
    }
}
