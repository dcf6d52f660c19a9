/// How the input is padded.
public enum Padding: Hashable, Sendable {
    /// No pads.
    case valid
    /// TensorFlow's SAME: the output has ceil(input / stride) rows and columns, an odd pad goes to the end.
    case sameUpper
    /// As `sameUpper`, but an odd pad goes to the beginning.
    case sameLower
    /// As given.
    case explicit(Pads)

    /// The word for it in golden files and in the engine protocol.
    public var name: String {
        switch self {
        case .valid: "VALID"
        case .sameUpper: "SAME_UPPER"
        case .sameLower: "SAME_LOWER"
        case .explicit: "EXPLICIT"
        }
    }

    /// The padding of that name; `pads` are used by `EXPLICIT` only. `nil` where there is no such name.
    public init?(name: String, pads: Pads) {
        switch name {
        case "VALID": self = .valid
        case "SAME_UPPER": self = .sameUpper
        case "SAME_LOWER": self = .sameLower
        case "EXPLICIT": self = .explicit(pads)
        default: return nil
        }
    }

    /// The pads before and after one spatial axis, or `nil` where stride or dilation are below 1, the kernel is empty,
    /// or a number leaves `Int`.
    ///
    /// SAME (TensorFlow): out = ceil(in / stride);
    /// total = max((out - 1) * stride + (kernel - 1) * dilation + 1 - in, 0).
    func resolve(
        axis: KeyPath<Pads, (before: Int, after: Int)>, input: Int, kernel: Int, stride: Int, dilation: Int
    ) -> (before: Int, after: Int)? {
        switch self {
        case .valid:
            return (0, 0)
        case .explicit(let pads):
            return pads[keyPath: axis]
        case .sameUpper, .sameLower:
            guard input >= 0, kernel >= 1, stride >= 1, dilation >= 1 else { return nil }
            let out = input / stride + (input % stride == 0 ? 0 : 1)
            guard let reach = effectiveKernel(kernel, dilation: dilation) else { return nil }
            let (covered, overflow) = ((out - 1) * stride).addingReportingOverflow(reach)
            if overflow { return nil }
            let total = max(covered - input, 0)
            let small = total / 2
            return self == .sameUpper ? (small, total - small) : (total - small, small)
        }
    }
}

/// How many input elements a dilated kernel spans: (kernel - 1) * dilation + 1, or `nil` beyond `Int`.
func effectiveKernel(_ kernel: Int, dilation: Int) -> Int? {
    let (span, overflow) = (kernel - 1).multipliedReportingOverflow(by: dilation)
    let (reach, carry) = span.addingReportingOverflow(1)
    return overflow || carry ? nil : reach
}
