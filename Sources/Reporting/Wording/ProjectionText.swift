internal import Conformance

/// How an answer was judged of which not every element was computed, in words.
struct ProjectionText {
    let projection: Projection

    /// One sentence without a full stop.
    var text: String {
        let vectors = Numbers.count(projection.vectors, "vector")
        let sums = "by projections: sums over filters or channels at \(Numbers.count(projection.positions, "place"))"
        guard let bits = projection.missedBits else {
            return "\(sums), with \(vectors) of signs, within what their elements may be off by together, and "
                + "\(Numbers.count(projection.samples, "element")) against exact sums of their own"
        }
        return "\(sums), with \(vectors) of whole numbers, must be equal: a wrong answer passes with a probability of "
            + "2^-\(bits) at most"
    }

    /// Why there may be more wrong elements than were counted; `nil` where all were looked at that can be wrong.
    var shortfall: String? {
        if !projection.isCounted {
            let (failing, computed) = (Numbers.count(projection.failing), Numbers.count(projection.computed))
            return "\(failing) places are wrong, and the elements of \(computed) of them were computed: there are more "
                + "wrong elements than are counted here"
        }
        return projection.missedBits == nil
            ? "wrong elements are counted where they were computed: there may be more" : nil
    }

    /// Of a run, how many answers were judged so; `nil` where none was.
    static func tally(_ count: Int) -> String? {
        if count == 0 { return nil }
        let verb = count == 1 ? "was" : "were"
        return "\(Numbers.count(count, "answer")) too large to be computed whole \(verb) judged by projections; "
            + "--complete computes every element"
    }
}

extension CaseResult {
    /// Whether the answer was judged by projections.
    var isProjected: Bool { verdict.comparison?.projection != nil }
}
