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
            let numbers = drawn.draw.elements(count: shape.count, stream: .init(role), seed: header.seed)
            let tensor = AnyTensor(nearest: numbers, type: problem.types[role], shape: shape)
            let found = Self.sha256(tensor)
            if found != drawn.sha256 {
                problems.append(
                    "the \(role.rawValue) derived from seed \(header.seed) has sha256 \(found), "
                        + "member '\(drawn.member.rawValue)' says \(drawn.sha256)")
            }
            operands[role] = tensor
        }
        if !problems.isEmpty { return (nil, problems) }
        let exact = try ExactConvolution().answer(to: problem, operands)
        let output = GoldenCase.Output(expected: exact.expected, magnitude: exact.magnitude)
        let expected = AnyTensor(output.expected)
        let isFloat32 = problem.types == .float32
        let found = Self.sha256(
            isFloat32 ? AnyTensor(nearest: expected.doubles.elements, type: .float32, shape: expected.shape) : expected)
        if found != digest.answer {
            problems.append(
                "the exact output computed here has sha256 \(found), member '\(CaseMember.outputSHA256.rawValue)' says "
                    + "\(digest.answer); the derived inputs are as they should be")
        }
        problems += differences(of: output)
        guard problems.isEmpty else { return (nil, problems) }
        return (GoldenCase(header: header, operands: operands, output: output), [])
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
