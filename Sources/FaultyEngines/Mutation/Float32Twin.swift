internal import Conformance
internal import Convolution

/// A forward convolution of other types, put as one in float32: whole numbers without their zero points, sums without
/// scales.
///
/// Most faults of a convolution have nothing to do with its types. By way of the twin those that the bank has of float32
/// are known in the others.
struct Float32Twin {
    /// In float32; what its answer is compared with is not converted.
    let golden: GoldenCase
    /// Of the case itself: gives sums their scale and their type.
    private let unspoiled: FaultableSums

    /// - Returns: `nil` for invalid problems, and where sums of whole numbers' types need not be exact
    ///   in float32.
    init?(_ original: GoldenCase) {
        guard let sums = try? FaultableSums(original.header.problem, original.operands),
            let input = sums.operands[.input], let filter = sums.operands[.filter]
        else { return nil }
        unspoiled = sums
        let zeros = sums.filterZeros
        let plainInput = Tensor<Float>(shape: input.shape) { Float(input[$0, $1, $2, $3] - sums.inputZero) }
        let plainFilter = Tensor<Float>(shape: filter.shape) { Float(filter[$0, $1, $2, $3] - zeros[$3]) }
        let bias = sums.bias.map { $0.map { Float($0) } }
        if sums.type.format == nil {
            func largest(_ numbers: [Float]) -> Double { Double(numbers.lazy.map(\.magnitude).max() ?? 0) }
            let products =
                Double(sums.asked.productsPerOutput) * largest(plainInput.elements) * largest(plainFilter.elements)
            guard products + largest(bias ?? []) <= 0x1p24 else { return nil }
        }
        var twin = original
        twin.header.problem.types = .float32
        twin.operands = Operands(input: plainInput, filter: plainFilter, bias: bias)
        golden = twin
    }

    /// What an engine of the case's own types answers that makes the same mistake as one of float32.
    func answer(_ answer: EngineAnswer) -> EngineAnswer {
        guard case .output(let tensor, let computation) = answer else { return answer }
        let sums = tensor.doubles.reordered(to: .logical)
        let filters = sums.shape[3]
        var numbers = sums.elements
        for place in numbers.indices { numbers[place] = unspoiled.scaled(numbers[place], filter: place % filters) }
        return .output(AnyTensor(nearest: numbers, type: unspoiled.type, shape: sums.shape), computation)
    }
}
