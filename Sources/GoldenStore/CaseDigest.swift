internal import Conformance
internal import Convolution
internal import ExactArithmetic

/// What a file says of a case whose tensors are not stored: how they are drawn, and the digests that prove them.
struct CaseDigest: Sendable {
    /// What is stored of an answer that is nowhere as a whole.
    enum Stored: String, CaseIterable {
        /// Some of its elements.
        case samples
    }

    /// How one operand is drawn, and the SHA-256 of its elements as they would be stored, in C order; none of a large operand
    /// of a sampled case.
    struct Drawn: Sendable {
        let draw: Draw
        let sha256: String?
        let member: CaseMember
    }

    /// By role; of those that the case has.
    let operands: [Role: Drawn]
    /// SHA-256 of the exact answer rounded to float64 and, of a float32 case, then to float32, likewise; `nil` of a sampled case.
    let answer: String?
    /// SHA-256 of what some rows of a sampled case's answer add up to, see ``ProjectionProof``; `nil` where nothing is said.
    let projection: String?

    /// Takes a case's digests; nil where one is missing or wrong.
    init?(
        _ members: inout MemberReader, data: CaseHeader.DataFamily?, operation: Operation, types: ElementTypes,
        hasBias: Bool
    ) {
        if data == .special {
            members.refuse(
                "member 'data' is 'special', and a case whose tensors are not stored is 'integer' or 'real'"
            )
        }
        let isSampled = members.has(.stored)
        if isSampled { _ = members.word(.stored, as: Stored.self) }
        var operands: [Role: Drawn] = [:]
        let roles = operation.factors + (hasBias ? [.bias] : [])
        for role in roles {
            let (digest, bound) = Self.members(of: role)
            // Numbers of 8 bits may be drawn from all that there are.
            let isBounded = data == .integer && (types[role].range == nil || members.has(bound))
            operands[role] = Self.drawn(
                digest, isOptional: isSampled, isBounded ? bound : nil, types[role], &members)
        }
        answer = isSampled ? nil : members.digest(.outputSHA256)
        projection = isSampled && members.has(.projectionSHA256) ? members.digest(.projectionSHA256) : nil
        guard answer != nil || isSampled, operands.count == roles.count else { return nil }
        self.operands = operands
    }

    private static func members(of role: Role) -> (digest: CaseMember, bound: CaseMember) {
        switch role {
        case .input: (.inputSHA256, .inputBound)
        case .filter: (.filterSHA256, .filterBound)
        case .bias: (.biasSHA256, .biasBound)
        case .output: (.outputOperandSHA256, .outputOperandBound)
        }
    }

    private static func drawn(
        _ digest: CaseMember, isOptional: Bool, _ bound: CaseMember?, _ type: ElementType, _ members: inout MemberReader
    ) -> Drawn? {
        let sha256 = isOptional && !members.has(digest) ? nil : members.digest(digest)
        if sha256 == nil, !isOptional || members.has(digest) { return nil }
        guard let bound else {
            if type == .int32 {
                members.refuse("a tensor of int32 is drawn with a bound, and there is none")
                return nil
            }
            return Drawn(draw: Draw(bound: nil, type: type), sha256: sha256, member: digest)
        }
        guard let number = members.integer(bound) else { return nil }
        // Beyond 2^p a whole number is not exact in a format of p bits.
        let largest = type.format.map { 1 << min($0.significandBits, 37) } ?? type.range?.upperBound ?? 0
        guard (1...largest).contains(number) else {
            members.refuse("member '\(bound.label)' is \(number), expected 1 to \(largest)")
            return nil
        }
        return Drawn(draw: Draw(bound: UInt64(number), type: type), sha256: sha256, member: digest)
    }
}
