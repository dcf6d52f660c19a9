internal import Convolution

/// The ways in which data does not show a fault, which data that is drawn must not have: `Scripts/golden/vectors/degeneracy.py`.
struct Degeneracies: OptionSet {
    let rawValue: Int

    static let constantFilter = Degeneracies(rawValue: 1)
    static let symmetricFilter = Degeneracies(rawValue: 2)
    static let equalFilters = Degeneracies(rawValue: 4)
    static let equalChannels = Degeneracies(rawValue: 8)
    static let equalBatches = Degeneracies(rawValue: 16)
    static let biasAlone = Degeneracies(rawValue: 32)
    static let mostlyZero = Degeneracies(rawValue: 64)
    static let mostlySaturated = Degeneracies(rawValue: 128)
    static let fewValues = Degeneracies(rawValue: 256)

    /// Larger tensors that were drawn at random are not looked at: they are not so by chance.
    private static let mostNumbers = 1 << 18

    init(rawValue: Int) { self.rawValue = rawValue }

    /// Those of a case.
    init(_ problem: Problem, _ operands: Operands, answer: Tensor<Double>) {
        self = []
        func numbers(_ role: Role) -> (numbers: [Double], shape: Shape)? {
            let isAnswer = problem.operation.answer == role
            let shape = isAnswer ? answer.shape : operands[role]?.shape
            guard let shape, shape.count <= Degeneracies.mostNumbers else { return nil }
            let tensor = isAnswer ? answer : operands[role]?.reordered(to: .logical).doubles
            return tensor.map { ($0.elements, shape) }
        }
        let weights = problem.operation == .biasGradient ? nil : numbers(.filter)
        let image = operands.input == nil ? nil : numbers(.input)
        let gradient = operands.output == nil ? nil : numbers(.output)
        if let weights {
            if Degeneracies.hasConstantFilter(weights) { insert(.constantFilter) }
            if Degeneracies.hasSymmetricFilter(weights) { insert(.symmetricFilter) }
        }
        let columns = [weights, gradient].compactMap { $0 }
        if columns.contains(where: { Degeneracies.hasEqualSlices($0, 3) }) { insert(.equalFilters) }
        if image.map({ Degeneracies.hasEqualSlices($0, 3) }) ?? false
            || weights.map({ Degeneracies.hasEqualSlices($0, 2) }) ?? false
        {
            insert(.equalChannels)
        }
        let batches = [image, gradient].compactMap { $0 }
        if batches.contains(where: { Degeneracies.hasEqualSlices($0, 0) }) { insert(.equalBatches) }
        let values = answer.elements
        if values.isEmpty { return }
        let range = problem.types[problem.operation.answer].range
        if range == nil || problem.types.output == .int32 {
            if 2 * values.count(where: { $0 != 0 }) <= values.count { insert(.mostlyZero) }
            let bias = operands.bias?.doubles.elements
            let last = answer.shape[3]
            if values.indices.allSatisfy({ values[$0] == bias?[$0 % last] ?? 0 }) { insert(.biasAlone) }
        }
        guard let range, values.count <= Degeneracies.mostNumbers else { return }
        let ends = [Double(range.lowerBound), Double(range.upperBound)]
        if 2 * values.count(where: ends.contains) > values.count { insert(.mostlySaturated) }
        if Set(values).count <= min(8, values.count / 4) { insert(.fewValues) }
    }

    private static func hasConstantFilter(_ weights: (numbers: [Double], shape: Shape)) -> Bool {
        let (numbers, filters) = (weights.numbers, weights.shape[3])
        guard filters > 0, numbers.count > filters else { return false }
        return (0..<filters).contains { f in
            stride(from: f, to: numbers.count, by: filters).allSatisfy { numbers[$0] == numbers[f] }
        }
    }

    /// Whether some filter equals itself flipped along an axis longer than 1, along both, or transposed.
    private static func hasSymmetricFilter(_ weights: (numbers: [Double], shape: Shape)) -> Bool {
        let (height, width, inner) = (weights.shape[0], weights.shape[1], weights.shape[2] * weights.shape[3])
        let filters = weights.shape[3]
        guard !weights.numbers.isEmpty else { return false }
        var images: [(Int, Int) -> (Int, Int)] = []
        if height > 1 { images.append { (height - 1 - $0, $1) } }
        if width > 1 { images.append { ($0, width - 1 - $1) } }
        if height > 1, width > 1 { images.append { (height - 1 - $0, width - 1 - $1) } }
        if height == width, height > 1 { images.append { ($1, $0) } }
        return images.contains { image in
            var same = [Bool](repeating: true, count: filters)
            for y in 0..<height {
                for x in 0..<width {
                    let (row, column) = image(y, x)
                    let (one, other) = ((y * width + x) * inner, (row * width + column) * inner)
                    for place in 0..<inner where weights.numbers[one + place] != weights.numbers[other + place] {
                        same[place % filters] = false
                    }
                }
            }
            return same.contains(true)
        }
    }

    /// Whether two slices along an axis are equal: any two, or any two neighbours where a slice is one number.
    private static func hasEqualSlices(_ values: (numbers: [Double], shape: Shape), _ axis: Int) -> Bool {
        let (numbers, size) = (values.numbers, values.shape[axis])
        if numbers.isEmpty { return false }
        if numbers.count == size { return zip(numbers, numbers.dropFirst()).contains { $0 == $1 } }
        let inner = (axis + 1..<4).reduce(1) { $0 * values.shape[$1] }
        var slices = [[Double]](repeating: [], count: size)
        for place in numbers.indices { slices[place / inner % size].append(numbers[place]) }
        return Set(slices).count < size
    }
}
