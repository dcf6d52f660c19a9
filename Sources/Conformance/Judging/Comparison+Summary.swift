extension Comparison {
    /// One sentence: what is wrong, worst first; empty where nothing is.
    public var summary: String {
        guard mismatched > 0, let worst = worst.first else {
            guard !rmsIsWithinLimit, let rms, let rmsLimit else { return "" }
            return "every element is within its allowance, but their root mean square error is "
                + "\((rms / rmsLimit).roughDescription) times what is allowed: precision is lost everywhere"
        }
        let count =
            "\(mismatched.groupedDescription) of \(elements.groupedDescription) \(elements == 1 ? "element" : "elements")"
        let (got, want) = (worst.got.exactDescription, worst.want.exactDescription)
        switch worst.kind {
        case .unexpectedNaN, .missingNaN, .infinity: return "\(count) wrong: \(got) at \(worst.place), expected \(want)"
        case .value:
            let ulp = worst.tellingULP.map { ", \($0.groupedDescription) ULP" } ?? ""
            return
                "\(count) \(mismatched == 1 ? "differs" : "differ"): got \(got) at \(worst.place), expected \(want)"
                + " (error \(worst.error.roughDescription), allowed \(worst.allowed.roughDescription)\(ulp))"
        }
    }
}

extension Mismatch {
    /// The index as `[n, y, x, f]`.
    public var place: String {
        "[\(index.list.map(String.init).joined(separator: ", "))]"
    }

    /// The distance in ULP where it says something: between numbers of one sign that share more than bfloat16's precision,
    /// the lowest that an engine computes with.
    public var tellingULP: Int? {
        guard let ulp, ulp <= 1 << 17, (got < 0) == (want < 0), got.isFinite, want.isFinite else { return nil }
        return ulp
    }
}
