/// How much of a case's exact answer there is at a time.
public enum ExactExtent: Hashable, Sendable {
    /// All of it.
    case whole
    /// That of one image, which is made when the engine has answered, and small beside the tensors of all.
    case image
    /// Sums of it, and a sample.
    case sums
}

extension Problem {
    /// How many products a direct engine forms, the ones with padding included; 0 where there is no output. The gradients
    /// of a convolution have as many.
    public var products: Double {
        guard let output = try? geometry().outputShape else { return 0 }
        return (output.list + filter.list.prefix(3)).reduce(1) { $0 * Double($1) }
    }

    /// What its tensors take where it is judged: operands and the engine's answer in their types, and so much of the exact
    /// answer, in float64 and with its magnitude in float32. `Int.max` where that is beyond `Int`, 0 where there is no output.
    public func bytesInMemory(of exact: ExactExtent = .whole) -> Int {
        guard let geometry = try? geometry() else { return 0 }
        let bytes = [Role.input, .filter, .output].map { role in
            let isExact = role == operation.answer && exact == .whole
            return geometry.shape(of: role).checkedCount?
                .multipliedReportingOverflow(by: types[role].size + (isExact ? 12 : 0))
        }
        return bytes.reduce(0) { sum, part in
            guard let part, !part.overflow else { return Int.max }
            let (total, overflow) = sum.addingReportingOverflow(part.partialValue)
            return overflow ? Int.max : total
        }
    }
}
