internal import Conformance

/// What wrong answers look like, in words.
struct WrongAnswersText {
    /// A label and a sentence each.
    let parts: [(label: String, text: String)]

    init(_ wrong: WrongAnswers) {
        var parts: [(label: String, text: String)] = []
        if let place = wrong.place { parts.append(("elements", Self.text(of: place, answers: wrong.answers))) }
        if let content = wrong.content { parts.append(("instead", Self.text(of: content))) }
        if let precision = wrong.precision { parts.append(("precision", Self.text(of: precision))) }
        self.parts = parts
    }

    /// `all 320 elements with row 128 or more are wrong, none of the other 1,000 is`.
    private static func text(of place: Rule, answers: Int) -> String {
        let conditions = place.conditions.map(text).joined(separator: " and ")
        let held = place.failing + place.passing
        let first =
            place.passing == 0
            ? "all \(Numbers.count(held, "element")) \(conditions) are wrong"
            : "\(Numbers.count(place.failing)) of \(Numbers.count(held, "element")) \(conditions) are wrong"
        let outside = place.allFailing - place.failing
        let others = place.allPassing - place.passing
        let second =
            outside == 0
            ? "none of the other \(Numbers.count(others)) is"
            : "\(Numbers.count(outside)) of the other \(Numbers.count(others + outside)) as well"
        return
            "\(first), \(second), as far as \(Numbers.count(answers, "answer")) \(answers == 1 ? "was" : "were") looked at"
    }

    private static func text(_ condition: Condition) -> String {
        switch condition.relation {
        case .holds: condition.quantity
        case .holdsNot: "not \(condition.quantity)"
        default: "with \(FindingText.quantity(condition))"
        }
    }

    private static func text(of content: WrongAnswers.Content) -> String {
        switch content {
        case .zero: "wrong elements are zero"
        case .nan: "wrong elements are NaN"
        case .constant: "wrong elements are all the same number"
        case .finite: "wrong elements are finite numbers, where NaN or an infinity is right"
        case .negated: "wrong elements have the wrong sign"
        case .withoutBias: "wrong elements lack the bias"
        case .biasTwice: "wrong elements have the bias twice"
        }
    }

    /// Formats whose numbers have so many significant bits.
    private static func formats(_ bits: Int) -> String {
        switch bits {
        case 8: ", as bfloat16 has"
        case 11: ", as float16 and TF32 have"
        case 24: ", as float32 has"
        default: ""
        }
    }

    private static func text(of precision: WrongAnswers.Precision) -> String {
        let bits = "\(precision.bits) significant bits"
        let text =
            precision.isOfAnswers
            ? "answers have \(bits) at most\(formats(precision.bits))"
            : "errors are as large as if numbers on the way had about \(bits)\(formats(precision.bits))"
        return precision.isTowardZero ? "\(text), and what is lost is always cut off" : text
    }
}
