internal import Conformance
internal import Convolution

/// Derives the tensors of a case from its seed and proves them with the digests of its file.
struct DerivedCase {
    /// Some elements of the output, stored in full.
    struct Sample {
        /// The place of each in the C order of `[batch, output height, output width, filters]`.
        let places: [Int64]
        let expected: [Double]
        let magnitude: [Float]
    }

    let header: CaseHeader
    let digest: CaseDigest
    let sample: Sample
    let exact: any ExactConvolution

    /// The case, or in words which side differs from what the file says.
    func prove() throws -> (golden: GoldenCase?, problems: [String]) {
        let problem = header.problem
        var problems: [String] = []
        func derive(_ name: String, _ drawn: CaseDigest.Drawn, _ stream: Draw.Stream, count: Int) -> [Float] {
            let elements = drawn.draw.elements(count: count, stream: stream, seed: header.seed)
            let found = Self.sha256(elements)
            if found != drawn.sha256 {
                problems.append(
                    "the \(name) derived from seed \(header.seed) has sha256 \(found), "
                        + "member '\(name)_sha256' says \(drawn.sha256)")
            }
            return elements
        }
        let input = Tensor(
            shape: problem.input, elements: derive("input", digest.input, .input, count: problem.input.count))
        let filter = Tensor(
            shape: problem.filter, elements: derive("filter", digest.filter, .filter, count: problem.filter.count))
        let bias = digest.bias.map { derive("bias", $0, .bias, count: problem.filter[3]) }
        if !problems.isEmpty { return (nil, problems) }
        let output = try exact.goldenOutput(problem, input: input, filter: filter, bias: bias)
        let found = Self.sha256(output.expected.elements.map { Float($0) })
        if found != digest.output {
            problems.append(
                "the exact output computed here has sha256 \(found), member '\(CaseMember.outputSHA256.rawValue)' says "
                    + "\(digest.output); the derived inputs are as they should be")
        }
        problems += differences(of: output)
        guard problems.isEmpty else { return (nil, problems) }
        return (
            GoldenCase(header: header, input: input, filter: filter, bias: bias, output: output), []
        )
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

    /// SHA-256 of the numbers' little-endian bytes, in lower-case hexadecimal.
    private static func sha256(_ elements: [Float]) -> String {
        #if _endian(little)
            elements.withUnsafeBytes { SHA256.hash($0) }
        #else
            elements.map(\.bitPattern.littleEndian).withUnsafeBytes { SHA256.hash($0) }
        #endif
    }
}
