internal import Convolution

/// Judges single elements of one case.
struct ElementJudge {
    /// How an element fares.
    struct Finding {
        /// Its error over what is allowed.
        var ratio: Double
        /// What is wrong with it; `nil` where nothing is.
        var wrong: Mismatch.Kind?
        /// Whether it is not what was wanted, but something that is not finite, and may be.
        var isSpread = false
    }

    let allowance: Allowance
    /// Where something that is not finite may stand in the place of what was wanted; nowhere where there is none.
    let leeway: NonFiniteLeeway?
    let shape: Shape

    func judge(got: Float, want: Double, magnitude: Float, offset: Int) -> Finding {
        let allowed = allowance.allowed(want: want, magnitude: Double(magnitude), offset: offset)
        if let kind = misplaced(got: got, want: want, allowed: allowed) {
            let isSpread = leeway?.allows(
                got, want: want, magnitude: Double(magnitude), allowed: allowed, index: shape.index(at: offset))
            return isSpread == true ? Finding(ratio: 0, isSpread: true) : Finding(ratio: .infinity, wrong: kind)
        }
        if !got.isFinite || !want.isFinite { return Finding(ratio: 0) }
        let ratio: Double
        if let limit = allowance.ulps {
            let distance = ulpDistance(got, Float(want)) ?? .max
            ratio = distance == 0 ? 0 : limit == 0 ? .infinity : Double(distance) / Double(limit)
        } else {
            let error = abs(Double(got) - want)
            ratio = error == 0 ? 0 : error / allowed
        }
        return Finding(ratio: ratio, wrong: ratio <= 1 ? nil : .value)
    }

    /// What there is to say about the wrong element at `offset`.
    func mismatch(_ finding: Finding, _ kind: Mismatch.Kind, got: Float, want: Double, magnitude: Float, offset: Int)
        -> Mismatch
    {
        Mismatch(
            kind: kind, index: shape.index(at: offset), want: want, got: got,
            allowed: allowance.allowed(want: want, magnitude: Double(magnitude), offset: offset),
            ratio: finding.ratio, ulp: ulpDistance(got, Float(want)))
    }

    /// What is wrong where NaN or an infinity is involved. NaN is never a wildcard.
    private func misplaced(got: Float, want: Double, allowed: Double) -> Mismatch.Kind? {
        if got.isNaN { return want.isNaN ? nil : .unexpectedNaN }
        if want.isNaN { return .missingNaN }
        if got.isInfinite || want.isInfinite {
            if got == Float(want) { return nil }
            // A sum whose allowance reaches beyond the largest float32 may overflow.
            let reach = abs(want) + allowed
            let mayOverflow = got.isInfinite && want.isFinite && Float(reach).isInfinite && (got < 0) == (want < 0)
            return mayOverflow ? nil : .infinity
        }
        return nil
    }
}
