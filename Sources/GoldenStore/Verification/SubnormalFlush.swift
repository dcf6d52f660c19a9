internal import Conformance
internal import Convolution

/// What the elements of a case's output may be where an engine takes subnormal numbers for zero.
///
/// Each operand may be flushed. Of the terms that are left, those are missing in the sum which were flushed
/// as products or as part of a partial sum: the sum of such a group is subnormal, so that the sum of all that are missing is
/// less than their number times the least normal number. The sum itself may be flushed, too.
struct SubnormalFlush {
    /// So many terms, and every set of missing ones is tried; of more, only how far the answer may be off is checked.
    private static let few = 12

    private let leastNormal: Double
    private let expected: [Double]
    /// The terms for each choice of operands that are flushed.
    private let terms: [Terms]

    init(_ golden: GoldenCase, expected: Tensor<Double>) throws {
        self.expected = expected.elements
        let problem = golden.header.problem
        let leastNormal = problem.types.output.format?.leastNormalMagnitude ?? 0
        self.leastNormal = leastNormal
        let roles = problem.operation.factors + [.bias]
        terms = try (0..<1 << roles.count).map { choice in
            var operands = golden.operands
            for (place, role) in roles.enumerated() where choice >> place & 1 != 0 {
                operands[role] = operands[role].map { tensor in
                    .float64(tensor.doubles.map { $0.magnitude < leastNormal ? 0 : $0 })
                }
            }
            return try Terms(problem, operands)
        }
    }

    /// Whether a flush leads to `number` at a place in C order.
    func allows(_ number: Double, at place: Int) -> Bool {
        isSame(number, expected[place]) || terms.contains { allows(number, at: place, of: $0) }
    }

    private func allows(_ number: Double, at place: Int, of terms: Terms) -> Bool {
        var list: [Double] = []
        terms.forEach(at: place) { if $0 != 0 { list.append($0) } }
        // Each addition of float64 errs by at most 2^-53 of a partial sum (Higham, Accuracy and Stability, 4.2).
        let error = Double(list.count) * 0x1p-53 * list.reduce(0) { $0 + abs($1) }
        guard list.count <= Self.few else {
            return abs(number - list.reduce(0, +)) <= Double(list.count + 1) * leastNormal + error
        }
        return (0..<1 << list.count).contains { missing in
            var (sum, missed) = (0.0, 0.0)
            for (place, term) in list.enumerated() {
                if missing >> place & 1 == 0 { sum += term } else { missed += term }
            }
            guard missing == 0 || abs(missed) < Double(missing.nonzeroBitCount) * leastNormal + error else {
                return false
            }
            return abs(number - sum) <= error || (number == 0 && abs(sum) < leastNormal + error)
        }
    }
}
