internal import Convolution

/// Which pairs of features have met in some problem: what covering arrays of strength two count.
struct FeaturePairs {
    /// Each factor with the number of its values.
    private static let factors: [(values: Int, value: @Sendable (Problem) -> Int)] = [
        (3, { min($0.input[0], 3) - 1 }),
        (4, { min($0.filter[0], 4) - 1 }),
        (4, { min($0.filter[1], 4) - 1 }),
        (3, { min($0.strides.height, 3) - 1 }),
        (3, { min($0.strides.width, 3) - 1 }),
        (3, { min($0.dilations.height, 3) - 1 }),
        (3, { min($0.dilations.width, 3) - 1 }),
        (4, { ["VALID": 0, "SAME_UPPER": 1, "SAME_LOWER": 2][$0.padding.name] ?? 3 }),
        (3, { $0.groups == 1 ? 0 : $0.filter[2] == 1 ? 1 : 2 }),
        (2, { $0.biasCount == nil ? 0 : 1 }),
        (3, { ($0.filter[2] > 8 ? 1 : 0) + ($0.filter[2] > 32 ? 1 : 0) }),
        (3, { ($0.filter[3] > 8 ? 1 : 0) + ($0.filter[3] > 32 ? 1 : 0) }),
        (3, { ($0.input[2] > 8 ? 1 : 0) + ($0.input[2] > 32 ? 1 : 0) }),
    ]

    /// How many pairs there are.
    static let all: Int = {
        let counts = factors.map(\.values)
        let sum = counts.reduce(0, +)
        return (sum * sum - counts.reduce(0) { $0 + $1 * $1 }) / 2
    }()

    private var met: Set<Int> = []

    /// Those that have met, each as a number, in order.
    var list: [Int] { met.sorted() }

    mutating func note(_ problem: Problem) {
        let values = Self.factors.map { $0.value(problem) }
        for first in values.indices {
            for second in 0..<first {
                met.insert(((first * 16 + values[first]) * 16 + second) * 16 + values[second])
            }
        }
    }
}
