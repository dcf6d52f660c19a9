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

    /// The operands as the seed gives them, not proved yet.
    func drawnOperands() throws -> Operands {
        let problem = header.problem
        let geometry = try problem.geometry()
        var operands = Operands(quantization: quantization)
        for role in Role.allCases {
            guard let drawn = digest.operands[role] else { continue }
            let shape: Shape = role == .bias ? [1, 1, 1, problem.biasCount ?? 0] : geometry.shape(of: role)
            operands[role] = drawn.draw.tensor(shape, stream: .init(role), seed: header.seed)
        }
        return operands
    }

    /// In words, which of the drawn operands differ from what the file says.
    func problems(of operands: Operands) -> [String] {
        Role.allCases.compactMap { role in
            guard let drawn = digest.operands[role], let sha256 = drawn.sha256, let tensor = operands[role] else {
                return nil
            }
            let found = Self.sha256(tensor)
            if found == sha256 { return nil }
            return "the \(role.rawValue) derived from seed \(header.seed) has sha256 \(found), "
                + "member '\(drawn.member.label)' says \(sha256)"
        }
    }

    /// The case whose answer is not computed whole, `nil` where it has to be; and in words what differs from what the file says.
    func projected(_ operands: Operands) throws -> (golden: GoldenCase, problems: [String])? {
        guard digest.answer == nil, let golden = GoldenCase(withoutAnswer: header, operands: operands) else {
            return nil
        }
        var problems = try SampleProof(golden, sample).problems
        problems += try ProjectionProof(golden, rows: sample.rows, digest: digest.projection).problems
        return (golden, problems)
    }

    /// The case with its answer, and in words what differs from what the file says: an answer that is what it says proves the
    /// operands that it was computed from.
    func computed(_ operands: Operands) throws -> (golden: GoldenCase, problems: [String]) {
        let exact = try ExactConvolution().answer(to: header.problem, operands)
        let output = GoldenCase.Output(expected: exact.expected, magnitude: exact.magnitude)
        var problems: [String] = []
        if let answer = digest.answer {
            let found = sha256(ofAnswer: AnyTensor(output.expected))
            if found != answer {
                let drawn = self.problems(of: operands)
                guard drawn.isEmpty else {
                    return (GoldenCase(header: header, operands: operands, output: nil), drawn)
                }
                problems.append(
                    "the exact output computed here has sha256 \(found), member '\(CaseMember.outputSHA256.label)' says "
                        + "\(answer); the derived inputs are as they should be")
            }
        }
        problems += differences(of: output)
        let golden = GoldenCase(header: header, operands: operands, output: output)
        if problems.isEmpty {
            problems += try ProjectionProof(golden, rows: sample.rows, digest: digest.projection).problems
        }
        return (golden, problems)
    }

    /// The SHA-256 that a file holds of an answer.
    func sha256(ofAnswer answer: AnyTensor) -> String {
        Self.sha256(
            header.problem.types == .float32
                ? AnyTensor(answer.singles.reordered(to: .logical)) : AnyTensor(answer.doubles.reordered(to: .logical)))
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
        // Elements have the same bytes in memory as in a file (`StoredElement`).
        func hash(_ stored: some StoredTensor) -> String { stored.tensor.elements.withUnsafeBytes { SHA256.hash($0) } }
        return hash(tensor.stored)
    }
}
