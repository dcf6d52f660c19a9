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

    /// Takes a case's digests; nil where one is missing or wrong.
    init?(_ members: inout MemberReader, data: CaseHeader.DataFamily?, hasBias: Bool) {
        if data == .special {
            members.refuse(
                "member 'data' is 'special', and a case with '\(CaseMember.outputSHA256.rawValue)' is 'integer' or 'real'"
            )
        }
        let isInteger = data == .integer
        let input = Self.drawn(.inputSHA256, isInteger ? .inputBound : nil, &members)
        let filter = Self.drawn(.filterSHA256, isInteger ? .filterBound : nil, &members)
        let bias = hasBias ? Self.drawn(.biasSHA256, isInteger ? .biasBound : nil, &members) : nil
        let output = members.digest(.outputSHA256)
        guard let input, let filter, let output, !hasBias || bias != nil else { return nil }
        self.input = input
        self.filter = filter
        self.bias = bias
        self.output = output
    }

    private static func drawn(_ digest: CaseMember, _ bound: CaseMember?, _ members: inout MemberReader) -> Drawn? {
        let sha256 = members.digest(digest)
        guard let bound else { return sha256.map { Drawn(draw: Draw(bound: nil), sha256: $0) } }
        guard let number = members.integer(bound), let sha256 else { return nil }
        // Beyond 2^24 a whole number is not exact in float32.
        guard (1...1 << 24).contains(number) else {
            members.refuse("member '\(bound.rawValue)' is \(number), expected 1 to \(1 << 24)")
            return nil
        }
        return Drawn(draw: Draw(bound: UInt64(number)), sha256: sha256)
    }
}
