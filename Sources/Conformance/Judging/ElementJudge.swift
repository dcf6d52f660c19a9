internal import Convolution

/// Judges single elements of one case. Each is given in float64, which holds the numbers of every type.
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
    /// That of the answer.
    let type: ElementType

    func judge(got: Double, want: Double, magnitude: Float, offset: Int) -> Finding {
        let allowed = allowance.allowed(want: want, magnitude: Double(magnitude), offset: offset)
        if let kind = misplaced(got: got, want: want, magnitude: Double(magnitude), offset: offset) {
            let isSpread = leeway?.allows(
                got, want: want, magnitude: Double(magnitude), allowed: allowed, index: shape.index(at: offset))
            return isSpread == true ? Finding(ratio: 0, isSpread: true) : Finding(ratio: .infinity, wrong: kind)
        }
        if !got.isFinite || !want.isFinite { return Finding(ratio: 0) }
        let ratio: Double
        if let limit = allowance.ulps {
            let distance = type.ulpDistance(got, want) ?? .max
            ratio = distance == 0 ? 0 : limit == 0 ? .infinity : Double(distance) / Double(limit)
        } else {
            if allowance.isFlushed(got, want: want) { return Finding(ratio: 0) }
            let error = abs(got - want)
            ratio = error == 0 ? 0 : error / allowed
        }
        return Finding(ratio: ratio, wrong: ratio <= 1 ? nil : .value)
    }

    /// What there is to say about the wrong element at `offset`.
    func mismatch(
        _ finding: Finding, _ kind: Mismatch.Kind, got: Double, want: Double, magnitude: Float, offset: Int
    ) -> Mismatch {
        Mismatch(
            kind: kind, index: shape.index(at: offset), want: want, got: got, type: type,
            allowed: allowance.allowed(want: want, magnitude: Double(magnitude), offset: offset),
            ratio: finding.ratio, ulp: type.ulpDistance(got, want))
    }

    /// What is wrong where NaN or an infinity is involved. NaN is never a wildcard.
    private func misplaced(got: Double, want: Double, magnitude: Double, offset: Int) -> Mismatch.Kind? {
        if got.isFinite, abs(want) < allowance.overflowThreshold { return nil }
        if got.isNaN { return want.isNaN ? nil : .unexpectedNaN }
        if want.isNaN { return .missingNaN }
        if want.isInfinite || got.isInfinite && (got < 0) != (want < 0) { return got == want ? nil : .infinity }
        let reaches = allowance.reaches(want: want, magnitude: magnitude, offset: offset)
        return (got.isInfinite ? reaches.infinity : reaches.finite) ? nil : .infinity
    }
}
