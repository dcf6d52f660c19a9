internal import Conformance

/// What only some cases have, beside their description.
struct CaseDetails: Sendable {
    /// What proves the tensors, where they are derived.
    var digest: CaseDigest?
    /// What the second answer means, where there is one.
    var alternative: AlternativeMeaning?

    var isEmpty: Bool { digest == nil && alternative == nil }
}

/// What is left to the algorithm in a case, and what both answers mean.
struct AlternativeMeaning: Sendable {
    let choice: GoldenCase.Alternative.Choice
    let expected: String
    let alternative: String

    /// Takes the meaning; nil where an attribute is missing or wrong, or where there is none and none is needed.
    ///
    /// - Parameter isPresent: whether the case has a second answer.
    init?(_ attributes: inout AttributeSet, isPresent: Bool) {
        // Without a second answer the attributes are left untaken, to be refused as unknown ones.
        guard isPresent else { return nil }
        let choice = attributes.word("choice", as: GoldenCase.Alternative.Choice.self)
        let expected = attributes.text("expected_meaning")
        let alternative = attributes.text("alternative_meaning")
        guard let choice, let expected, let alternative else { return nil }
        self.choice = choice
        self.expected = expected
        self.alternative = alternative
    }
}
