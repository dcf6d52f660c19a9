extension Comparison {
    /// One sentence: what is wrong, worst first; empty where nothing is.
    public var summary: String {
        guard mismatched > 0, let worst = worst.first else {
            guard !rmsIsWithinLimit, let rms, let rmsLimit else { return "" }
            return "every element is within its allowance, but their root mean square error is "
                + "\(rms.roughDescription) u M, allowed \(rmsLimit.roughDescription): precision is lost everywhere"
        }
        let count = "\(mismatched) of \(elements) \(elements == 1 ? "element" : "elements")"
        switch worst.kind {
        case .unexpectedNaN: return "\(count) wrong: NaN at \(worst.place), expected \(short(worst.want))"
        case .missingNaN: return "\(count) wrong: \(worst.got) at \(worst.place), expected NaN"
        case .infinity: return "\(count) wrong: \(worst.got) at \(worst.place), expected \(short(worst.want))"
        case .value:
            let ulp = worst.ulp.map { ", \($0) ULP" } ?? ""
            return
                "\(count) \(mismatched == 1 ? "differs" : "differ"): got \(worst.got) at \(worst.place), expected \(short(worst.want))"
                + " (error \(worst.error.roughDescription), allowed \(worst.allowed.roughDescription)\(ulp))"
        }
    }

    private func short(_ number: Double) -> String {
        Double(Float(number)) == number ? "\(Float(number))" : "\(number)"
    }
}

extension Mismatch {
    /// The index as `[n, y, x, f]`.
    public var place: String {
        "[\(index.list.map(String.init).joined(separator: ", "))]"
    }
}
