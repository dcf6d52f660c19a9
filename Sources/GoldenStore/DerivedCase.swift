internal import Conformance
internal import Convolution
internal import ExactArithmetic

/// Derives the tensors of a case from its seed and proves them with the digests of its file.
struct DerivedCase {
    /// Some elements of the output, stored in full.
    struct Sample {
        /// The place of each in the C order of the answer.
        let places: [Int64]
        let expected: [Double]
        let magnitude: [Float]
        /// The rows of the answer, by their place in the C order of its first two axes, whose sums are digested.
        var rows: [Int64] = []
    }

    let header: CaseHeader
    let digest: CaseDigest
    let sample: Sample
    let quantization: Quantization?

    /// The case, or in words which side differs from what the file says.
    func prove() throws -> (golden: GoldenCase?, problems: [String]) {
        let problem = header.problem
        let geometry = try problem.geometry()
        var problems: [String] = []
        var operands = Operands(quantization: quantization)
        for role in Role.allCases {
            guard let drawn = digest.operands[role] else { continue }
            let shape: Shape = role == .bias ? [1, 1, 1, problem.biasCount ?? 0] : geometry.shape(of: role)
            let tensor = drawn.draw.tensor(shape, stream: .init(role), seed: header.seed)
            if let sha256 = drawn.sha256 {
                let found = Self.sha256(tensor)
                if found != sha256 {
                    problems.append(
                        "the \(role.rawValue) derived from seed \(header.seed) has sha256 \(found), "
                            + "member '\(drawn.member.label)' says \(sha256)")
                }
            }
            operands[role] = tensor
        }
        if !problems.isEmpty { return (nil, problems) }
        if digest.answer == nil, let golden = GoldenCase(withoutAnswer: header, operands: operands) {
            problems += try SampleProof(golden, sample).problems
            problems += try ProjectionProof(golden, rows: sample.rows, digest: digest.projection).problems
            return (problems.isEmpty ? golden : nil, problems)
        }
        let exact = try ExactConvolution().answer(to: problem, operands)
        let output = GoldenCase.Output(expected: exact.expected, magnitude: exact.magnitude)
        if let answer = digest.answer { problems += difference(of: output, from: answer) }
        problems += differences(of: output)
        guard problems.isEmpty else { return (nil, problems) }
        let golden = GoldenCase(header: header, operands: operands, output: output)
        problems += try ProjectionProof(golden, rows: sample.rows, digest: digest.projection).problems
        return (problems.isEmpty ? golden : nil, problems)
    }

    /// What differs where the digest of the computed output is not the stored one.
    private func difference(of output: GoldenCase.Output, from answer: String) -> [String] {
        let expected = AnyTensor(output.expected)
        let isFloat32 = header.problem.types == .float32
        let found = Self.sha256(
            isFloat32 ? AnyTensor(nearest: expected.doubles.elements, type: .float32, shape: expected.shape) : expected)
        if found == answer { return [] }
        return [
            "the exact output computed here has sha256 \(found), member '\(CaseMember.outputSHA256.label)' says "
                + "\(answer); the derived inputs are as they should be"
        ]
    }

    /// Where the stored sample is not, bit for bit, the computed output.
    private func differences(of output: GoldenCase.Output) -> [String] {
        let (expected, magnitude) = (output.expected.elements, output.magnitude.elements)
        for (number, place) in sample.places.enumerated() {
            guard let at = Int(exactly: place), expected.indices.contains(at) else {
                return ["sample \(number) is at \(place), outside the output \(output.expected.shape)"]
            }
            if expected[at] != sample.expected[number] {
                return ["sample \(number) at \(at) is \(sample.expected[number]), computed here \(expected[at])"]
            }
            if magnitude[at] != sample.magnitude[number] {
                return [
                    "sample \(number) at \(at) has magnitude \(sample.magnitude[number]), computed here \(magnitude[at])"
                ]
            }
        }
        return []
    }

    /// SHA-256 of the elements' bytes as a file holds them, in lower-case hexadecimal.
    private static func sha256(_ tensor: AnyTensor) -> String {
        AnyTensor(tensor.stored).bytes.withUnsafeBytes { SHA256.hash($0) }
    }
}
