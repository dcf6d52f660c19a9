internal import Conformance
internal import Convolution
internal import ExactArithmetic

/// What some rows of an answer add up to, against the digest that the generator made of the same sums.
///
/// A sum is over the elements that lie side by side in a group, each times a number of its own: the upper 8 bits, less 128,
/// of the outputs of stream 13 of the case's seed.
struct ProjectionProof {
    private static let (stream, bits): (UInt64, Int) = (13, 8)

    /// What differs, in words.
    let problems: [String]

    /// - Parameters:
    ///   - rows: places in the C order of the first two axes of the answer.
    ///   - digest: SHA-256 of the sums, `[rows, third axis, groups]` in int64, little endian; `nil` where there is none.
    init(_ golden: GoldenCase, rows: [Int64], digest: String?) throws {
        guard let digest else {
            problems = []
            return
        }
        let problem = golden.header.problem
        let geometry = try problem.geometry()
        let shape = geometry.shape(of: problem.operation.answer)
        let member = CaseMember.projectionSHA256.label
        if let row = rows.first(where: { !(0..<Int64(shape[0] * shape[1])).contains($0) }) {
            problems = ["dataset 'projection_rows' holds \(row), and the answer \(shape) has no such row"]
            return
        }
        let half = Double(1 << (Self.bits - 1))
        let vector = Draw.bits(Self.bits, count: shape[3], stream: Self.stream, seed: golden.header.seed).map {
            $0 - half
        }
        let answer = ProjectedAnswer(geometry, problem.operation, golden.operands, vectors: vector)
        var sums: [Int: [Double]] = [:]
        let width = shape[2] * geometry.groups
        var hash = SHA256()
        for row in rows {
            let (first, second) = Int(row).quotientAndRemainder(dividingBy: shape[1])
            if sums[first] == nil { sums = [first: answer.sums(at: first)] }
            let numbers = (sums[first] ?? [])[second * width..<(second + 1) * width].map { Int64($0).littleEndian }
            numbers.withUnsafeBytes { hash.update($0) }
        }
        let found = hash.finalize()
        problems =
            found == digest
            ? [] : ["the sums of its projection have sha256 \(found) here, member '\(member)' says \(digest)"]
    }
}
