internal import Conformance
internal import Convolution

/// All that a file says of a case beside its tensors.
struct StoredCase: Sendable {
    let header: CaseHeader
    /// How the tensors are drawn and what proves them, where they are derived.
    let derivation: CaseDigest?
    /// What the further answers mean, where there are any.
    let alternatives: AlternativeMeanings?
    /// The case's row in the table, counted from 0.
    let row: Int
    /// What the digest takes of the row.
    let sealedRow: [UInt8]
    /// The digest that the row and the datasets together must have.
    let sha256: String

    /// How much of its answer it comes with: where no digest proves the whole, it need not be computed.
    var exactExtent: ExactExtent {
        guard let derivation, derivation.answer == nil else { return .whole }
        if ProjectedTruth.suits(header.problem) { return .sums }
        return ImagewiseTruth.suits(header.problem) ? .image : .whole
    }

    /// The bytes that the case's tensors take in memory, the engine's answer among them; nil beyond 64 bits.
    var bytesInMemory: Int? {
        let problem = header.problem
        let answers = 8 * (alternatives?.alternatives.count ?? 0)
        let operation = problem.operation
        func size(_ role: Role) -> Int {
            // Expected in float64, magnitude in float32, and two answers.
            let size = problem.types[role].size
            if exactExtent != .whole { return size }
            return size + (role == operation.answer ? 12 + size + answers : 0)
        }
        var parts = [
            (problem.input.checkedCount, size(.input)), (problem.filter.checkedCount, size(.filter)),
            (problem.biasCount ?? 0, problem.types[.bias].size),
        ]
        if let output = try? problem.geometry().outputShape { parts.append((output.checkedCount, size(.output))) }
        var sum = 0
        for (count, size) in parts {
            guard let count else { return nil }
            let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
            let (next, second) = sum.addingReportingOverflow(bytes)
            if overflow || second { return nil }
            sum = next
        }
        return sum
    }

    /// Throws a fault where the tensors need more memory than `limit`, before one of them is allocated.
    func demandMemory(_ limit: Int, file: String) throws(GoldenError) {
        let needed = bytesInMemory
        if let needed, needed <= limit { return }
        let size = needed.map { "\($0 >> 20) MiB" } ?? "more bytes than 64 bits count"
        throw GoldenError(
            file: file, caseID: header.id, "its tensors need \(size), the limit is \(limit >> 20) MiB")
    }
}
