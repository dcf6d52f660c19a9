internal import Conformance
internal import Convolution

/// What a file says of a case whose tensors are not stored: how they are drawn, and the digests that prove them.
struct CaseDigest: Sendable {
    /// How one tensor is drawn, and the SHA-256 of its little-endian float32 bytes in C order.
    struct Drawn: Sendable {
        let draw: Draw
        let sha256: String
    }

    let input: Drawn
    let filter: Drawn
    let bias: Drawn?
    /// SHA-256 of the exact output, rounded to float64 and then to float32, likewise.
    let output: String

    /// The attribute that only cases of this kind have.
    static let mark = "output_sha256"

    /// Takes a case's digests; nil where one is missing or wrong.
    init?(_ attributes: inout AttributeSet, data: CaseHeader.DataFamily?) {
        if data == .special {
            attributes.refuse("attribute 'data' is 'special', and a case with '\(Self.mark)' is 'integer' or 'real'")
        }
        let hasBias = attributes.has("bias_sha256") || attributes.has("bias_bound")
        let isInteger = data == .integer
        let input = Self.drawn("input", &attributes, isInteger)
        let filter = Self.drawn("filter", &attributes, isInteger)
        let bias = hasBias ? Self.drawn("bias", &attributes, isInteger) : nil
        let output = attributes.digest(Self.mark)
        guard let input, let filter, let output, !hasBias || bias != nil else { return nil }
        self.input = input
        self.filter = filter
        self.bias = bias
        self.output = output
    }

    private static func drawn(_ tensor: String, _ attributes: inout AttributeSet, _ isInteger: Bool) -> Drawn? {
        let digest = attributes.digest("\(tensor)_sha256")
        guard isInteger else { return digest.map { Drawn(draw: Draw(bound: nil), sha256: $0) } }
        guard let bound = attributes.integer("\(tensor)_bound"), let digest else { return nil }
        // Beyond 2^24 a whole number is not exact in float32.
        guard (1...1 << 24).contains(bound) else {
            attributes.refuse("attribute '\(tensor)_bound' is \(bound), expected 1 to \(1 << 24)")
            return nil
        }
        return Drawn(draw: Draw(bound: UInt64(bound)), sha256: digest)
    }
}
