internal import Convolution
internal import ExactArithmetic

/// The verdicts on elements whose exact sums are computed, each once, however often it is added.
struct ElementTally {
    private let got: AnyTensor
    private let golden: GoldenCase
    private let region: AnswerRegion
    private let judge: ElementJudge
    private let allowance: Allowance
    /// Those of the answer.
    private let (shape, strides): (Shape, Shape)

    private var comparison: Comparison
    private var judged: Set<Int> = []
    private var wrong: [Int] = []
    private var squares = 0.0
    private var counted = 0

    init(got: AnyTensor, golden: GoldenCase, region: AnswerRegion, judge: ElementJudge, allowance: Allowance) {
        (self.got, self.golden, self.region) = (got, golden, region)
        (self.judge, self.allowance) = (judge, allowance)
        (shape, strides) = (got.shape, got.order.strides(of: got.shape))
        comparison = Comparison(elements: got.count, mismatched: 0, ratio: 0)
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
                if !add(value, exact.expected[number], exact.magnitude[number], offset: offset) { note(place) }
            }
        }
        return added
    }

    /// Judges an element; whether it is right.
    private mutating func add(_ value: Double, _ want: Double, _ magnitude: Float, offset: Int) -> Bool {
        let finding = judge.judge(got: value, want: want, magnitude: magnitude, offset: offset)
        if finding.isSpread { comparison.spread += 1 }
        comparison.ratio = max(comparison.ratio, finding.ratio)
        let error = abs(value - want)
        if let error = allowance.standardized(
            error: allowance.isFlushed(value, want: want) ? 0 : error, want: want,
            magnitude: Double(magnitude), offset: offset), error.isFinite
        {
            squares += error * error
            counted += 1
        }
        guard let kind = finding.wrong else { return true }
        wrong.append(offset)
        if comparison.isAmongWorst(ratio: finding.ratio, error: error) {
            comparison.keep(
                judge.mismatch(finding, kind, got: value, want: want, magnitude: magnitude, offset: offset))
        }
        return false
    }

    /// What they come to.
    ///
    /// - Parameter known: from this element on there are others that are wrong, and it is not known which.
    func comparison(knownUpTo known: Int) -> Comparison {
        var comparison = comparison
        let wrong = wrong.sorted()
        comparison.mismatched = wrong.count
        if !wrong.isEmpty {
            comparison.location = MismatchLocation(of: wrong, in: region)
            comparison.mask = ElementMask(wrong: wrong, of: comparison.elements, knownUpTo: known)
        }
        if counted > 0, let limit = allowance.rmsLimit(elements: counted) {
            let rms = (squares / Double(counted)).squareRoot()
            (comparison.rms, comparison.rmsLimit) = (rms, limit)
            comparison.ratio = max(comparison.ratio, rms / limit)
        }
        return comparison
    }
}
