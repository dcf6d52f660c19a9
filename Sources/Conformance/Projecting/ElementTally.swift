internal import Convolution
internal import ExactArithmetic

/// The verdicts on elements whose exact sums are computed, each once, however often it is added.
struct ElementTally {
    private let got: AnyTensor
    private let golden: GoldenCase
    private let region: AnswerRegion
    /// Those of the answer.
    private let (shape, strides): (Shape, Shape)

    private var elements: ComparisonTally.Elements
    private var judged: Set<Int> = []
    private var wrong: [Int] = []

    init(got: AnyTensor, golden: GoldenCase, region: AnswerRegion, judge: ElementJudge) {
        (self.got, self.golden, self.region) = (got, golden, region)
        (shape, strides) = (got.shape, got.order.strides(of: got.shape))
        elements = ComparisonTally.Elements(judge, count: got.count)
    }

    /// Judges elements, and says at which positions, by their place in an answer of one element to each, one is wrong.
    ///
    /// - Parameter columns: indices of the answer's last axis, of one group.
    /// - Returns: how many of them had not been judged before.
    mutating func add(
        _ positions: [AnswerPosition], columns: [Int], whereWrong note: (_ place: Int) -> Void
    ) throws(InvalidProblem) -> Int {
        let exact = try ExactConvolution()
            .elements(of: golden.header.problem, golden.operands, at: positions, columns: columns)
        var added = 0
        for (row, position) in positions.enumerated() {
            let place = (position.first * shape[1] + position.second) * shape[2] + position.third
            for (number, column) in columns.enumerated() {
                let offset = place * shape[3] + column
                guard judged.insert(offset).inserted else { continue }
                added += 1
                let number = row * columns.count + number
                var value = 0.0
                got.copy(
                    from: position.first * strides[0] + position.second * strides[1] + position.third * strides[2]
                        + column * strides[3], count: 1, into: &value)
                let isRight = elements.add(
                    value, want: exact.expected[number], magnitude: exact.magnitude[number], offset: offset)
                if !isRight {
                    wrong.append(offset)
                    note(place)
                }
            }
        }
        return added
    }

    /// What they come to.
    ///
    /// - Parameter known: from this element on there are others that are wrong, and it is not known which.
    func comparison(knownUpTo known: Int) -> Comparison {
        if wrong.isEmpty { return elements.comparison(location: nil, mask: nil) }
        let wrong = wrong.sorted()
        var (location, runs) = (MismatchLocation(in: region), WrongRuns())
        location.insert(offsets: wrong)
        runs.append(wrong)
        return elements.comparison(
            location: location,
            mask: ElementMask(wrong: runs.runs, of: elements.comparison.elements, knownUpTo: known))
    }
}
