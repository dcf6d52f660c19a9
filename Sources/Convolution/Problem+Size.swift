extension Problem {
    /// How many products a direct engine forms, the ones with padding included; 0 where there is no output. The gradients
    /// of a convolution have as many.
    public var products: Double {
        guard let output = try? geometry().outputShape else { return 0 }
        return (output.list + filter.list.prefix(3)).reduce(1) { $0 * Double($1) }
    }

    /// What its tensors take where it is judged: operands and the engine's answer in their types, and, but where it is
    /// projected, the exact answer in float64 and its magnitude in float32. `Int.max` where that is beyond `Int`, 0 where
    /// there is no output.
    public func bytesInMemory(isProjected: Bool = false) -> Int {
        guard let geometry = try? geometry() else { return 0 }
        let bytes = [Role.input, .filter, .output].map { role in
            let isAnswer = role == operation.answer
            return geometry.shape(of: role).checkedCount?
                .multipliedReportingOverflow(by: types[role].size + (isAnswer && !isProjected ? 12 : 0))
        }
        return bytes.reduce(0) { sum, part in
            guard let part, !part.overflow else { return Int.max }
            let (total, overflow) = sum.addingReportingOverflow(part.partialValue)
            return overflow ? Int.max : total
        }
    }
}
