internal import Conformance
internal import Convolution

/// What is left to the algorithm in a case, and what every answer means.
struct AlternativeMeanings: Sendable {
    let choice: GoldenCase.Alternatives.Choice
    let expected: String
    /// One for each further answer.
    let alternatives: [String]

    /// Takes the meaning of a case that has further answers; nil where a member is missing or wrong.
    init?(_ members: inout MemberReader) {
        let choice = members.word(.choice, as: GoldenCase.Alternatives.Choice.self)
        let expected = members.text(.expectedMeaning)
        let alternatives = members.texts(.alternativeMeaning)
        guard let choice, let expected, let alternatives else { return nil }
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
