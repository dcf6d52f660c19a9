internal import Conformance
internal import Convolution

/// What is left to the algorithm in a case, and what every answer means.
struct AlternativeMeanings: Sendable {
    let choice: GoldenCase.Alternatives.Choice
    let expected: String
    /// One for each further answer.
    let alternatives: [String]

    /// Takes the meaning; nil where an attribute is missing or wrong, or where there is none and none is needed.
    ///
    /// - Parameter isPresent: whether the case has further answers.
    init?(_ attributes: inout AttributeSet, isPresent: Bool) {
        // Without further answers the attributes are left untaken, to be refused as unknown ones.
        guard isPresent else { return nil }
        let choice = attributes.word("choice", as: GoldenCase.Alternatives.Choice.self)
        let expected = attributes.text("expected_meaning")
        let alternatives = attributes.texts("alternative_meaning")
        if alternatives?.isEmpty == true {
            attributes.refuse("attribute 'alternative_meaning' is empty, expected a text for each answer")
        }
        guard let choice, let expected, let alternatives, !alternatives.isEmpty else { return nil }
        self.choice = choice
        self.expected = expected
        self.alternatives = alternatives
    }

    /// The answers, cut out of one array of `[answers] + shape`.
    func answers(_ elements: [Double], shape: Shape) -> GoldenCase.Alternatives {
        GoldenCase.Alternatives(
            choice: choice, expectedMeaning: expected,
            answers: alternatives.enumerated().map { place, meaning in
                let part = elements[place * shape.count..<(place + 1) * shape.count]
                return .init(meaning: meaning, output: Tensor(shape: shape, elements: Array(part)))
            })
    }
}
