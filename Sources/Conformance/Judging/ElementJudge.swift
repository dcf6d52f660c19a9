internal import Convolution

/// Judges single elements of one case.
struct ElementJudge {
    let allowance: Allowance

    /// How an element fares: its error over what is allowed, and the mismatch where it is one.
    func judge(got: Float, want: Double, magnitude: Float, index: @autoclosure () -> Shape) -> (
        ratio: Double, mismatch: Mismatch?
    ) {
        let allowed = allowance.allowed(want: want, magnitude: Double(magnitude))
        if let kind = misplaced(got: got, want: want, allowed: allowed) {
            return (.infinity, mismatch(kind, index(), got, want, allowed, .infinity))
        }
        if !got.isFinite || !want.isFinite { return (0, nil) }
        let ratio: Double
        if let limit = allowance.ulps {
            let distance = ulpDistance(got, Float(want)) ?? .max
            ratio = distance == 0 ? 0 : limit == 0 ? .infinity : Double(distance) / Double(limit)
        } else {
            let error = abs(Double(got) - want)
            ratio = error == 0 ? 0 : error / allowed
        }
        if ratio <= 1 { return (ratio, nil) }
        return (ratio, mismatch(.value, index(), got, want, allowed, ratio))
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

    private func mismatch(
        _ kind: Mismatch.Kind, _ index: Shape, _ got: Float, _ want: Double, _ allowed: Double, _ ratio: Double
    ) -> Mismatch {
        Mismatch(
            kind: kind, index: index, want: want, got: got, allowed: allowed, ratio: ratio,
            ulp: ulpDistance(got, Float(want)))
    }
}
