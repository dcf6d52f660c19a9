internal import Convolution
internal import ExactArithmetic

/// What the elements of an answer come to, added up in logical memory order, a part of the answer after another.
///
/// It takes no more memory for an answer that is wrong everywhere than for one that is right.
struct ComparisonTally {
    /// How many elements of an answer are taken as numbers of float64 at once.
    private static let elementsTogether = 4096

    /// Of elements that are judged one by one, in any order.
    struct Elements {
        private let judge: ElementJudge
        private let isBrief: Bool
        private(set) var comparison: Comparison
        /// The errors of all elements, and what comes of those that a few operations judge.
        var passed = Allowance.Passed()

        init(_ judge: ElementJudge, count: Int, isBrief: Bool = false) {
            self.judge = judge
            self.isBrief = isBrief
            comparison = Comparison(elements: count, mismatched: 0, ratio: 0)
        }

        fileprivate var allowance: Allowance { judge.allowance }
        fileprivate var isDecided: Bool {
            isBrief && comparison.mismatched + passed.wrong > 0 && passed.ratio == .infinity
        }
        fileprivate var listsWrong: Bool { !isBrief }

        fileprivate mutating func leaveOpen(_ answers: Int) { comparison.met = [Int](repeating: 0, count: answers) }

        /// Judges an element; whether it is right.
        ///
        /// - Parameter alternatives: further right answers, in logical memory order.
        mutating func add(
            _ value: Double, want: Double, magnitude: Float, offset: Int, alternatives: [[Double]] = []
        ) -> Bool {
            var finding = judge.judge(got: value, want: want, magnitude: magnitude, offset: offset)
            // The nearest of the right answers is the one that was given, and the one that errors are taken against.
            var (answer, answered, isOpen) = (want, 0, false)
            for (place, other) in alternatives.enumerated() where !isSame(other[offset], want) {
                isOpen = true
                let second = judge.judge(got: value, want: other[offset], magnitude: magnitude, offset: offset)
                if second.isBetter(than: finding) {
                    finding = second
                    (answer, answered) = (other[offset], 1 + place)
                }
            }
            if finding.isSpread { comparison.spread += 1 }
            if isOpen, finding.wrong == nil, !finding.isSpread { comparison.met[answered] += 1 }
            passed.ratio = max(passed.ratio, finding.ratio)
            let error = abs(value - answer)
            if let error = allowance.standardized(
                error: allowance.isFlushed(value, want: answer) ? 0 : error, want: answer,
                magnitude: Double(magnitude), offset: offset), error.isFinite
            {
                passed.squares += error * error
                passed.counted += 1
            }
            guard let kind = finding.wrong else { return true }
            comparison.mismatched += 1
            if !isBrief, comparison.isAmongWorst(ratio: finding.ratio, error: error) {
                comparison.keep(
                    judge.mismatch(finding, kind, got: value, want: answer, magnitude: magnitude, offset: offset))
            }
            return false
        }

        /// What they come to, with what is known of the wrong ones.
        func comparison(location: MismatchLocation?, mask: ElementMask?) -> Comparison {
            var comparison = comparison
            comparison.mismatched += passed.wrong
            comparison.ratio = passed.ratio
            (comparison.location, comparison.mask) = (location, mask)
            if passed.counted > 0, let limit = allowance.rmsLimit(elements: passed.counted) {
                let rms = (passed.squares / Double(passed.counted)).squareRoot()
                (comparison.rms, comparison.rmsLimit) = (rms, limit)
                comparison.ratio = max(comparison.ratio, rms / limit)
            }
            return comparison
        }
    }

    private var elements: Elements
    private let region: AnswerRegion
    /// Made with the first wrong element.
    private var location: MismatchLocation?
    private var wrong = WrongRuns()
    /// Of the elements in hand, the places of those that are judged one by one, and of those that are wrong.
    private var (others, wrongOnes): ([Int], [Int]) = ([], [])

    /// - Parameter isBrief: whether nothing but ``Comparison/isMatch`` and ``Comparison/ratio`` is wanted. It then ends where
    ///   nothing could be worse.
    init(_ judge: ElementJudge, region: AnswerRegion, isBrief: Bool) {
        elements = Elements(judge, count: judge.shape.count, isBrief: isBrief)
        self.region = region
    }

    /// Whether it is known already how the verdict ends.
    var isDecided: Bool { elements.isDecided }

    /// Compares the next elements of the answer.
    ///
    /// - Parameters:
    ///   - got: the elements, in logical memory order.
    ///   - alternatives: further right answers of the whole case.
    ///   - first: the place of the first of them in the answer.
    mutating func add(
        _ got: AnyTensor, expected: [Double], magnitude: [Float], alternatives: [[Double]] = [], from first: Int = 0
    ) {
        if !alternatives.isEmpty, elements.comparison.met.isEmpty { elements.leaveOpen(1 + alternatives.count) }
        let numbers = Scratch<Double>(count: min(ComparisonTally.elementsTogether, got.count))
        for start in stride(from: 0, to: got.count, by: ComparisonTally.elementsTogether) {
            let block = start..<min(got.count, start + ComparisonTally.elementsTogether)
            got.copy(from: start, count: block.count, into: numbers.pointer)
            if alternatives.isEmpty {
                expected.withUnsafeBufferPointer { expected in
                    magnitude.withUnsafeBufferPointer { magnitude in
                        elements.allowance.pass(
                            got: UnsafeBufferPointer(start: numbers.pointer, count: block.count),
                            want: UnsafeBufferPointer(rebasing: expected[block]),
                            magnitude: UnsafeBufferPointer(rebasing: magnitude[block]), from: first + start,
                            countsWrong: !elements.listsWrong, to: &elements.passed, others: &others)
                    }
                }
            } else {
                others = Array(0..<block.count)
            }
            if elements.isDecided { return }
            wrongOnes.removeAll(keepingCapacity: true)
            for place in others {
                let offset = first + start + place
                let isRight = elements.add(
                    numbers.pointer[place], want: expected[start + place], magnitude: magnitude[start + place],
                    offset: offset, alternatives: alternatives)
                if isRight { continue }
                if elements.isDecided { return }
                if elements.listsWrong { wrongOnes.append(offset) }
            }
            if !wrongOnes.isEmpty {
                var found = location ?? MismatchLocation(in: region)
                location = nil
                found.insert(offsets: wrongOnes)
                location = found
                wrong.append(wrongOnes)
            }
        }
    }

    /// What they come to.
    var comparison: Comparison {
        elements.comparison(
            location: location,
            mask: location.map { _ in ElementMask(wrong: wrong.runs, of: elements.comparison.elements) })
    }
}

extension ElementJudge.Finding {
    /// Whether an element is rather this answer than another one.
    fileprivate func isBetter(than other: Self) -> Bool {
        if wrong != nil { return false }
        if other.wrong != nil { return true }
        return isSpread == other.isSpread ? ratio < other.ratio : other.isSpread
    }
}

/// Whether two golden values are the same answer: NaN is, -0 and 0 are.
private func isSame(_ first: Double, _ second: Double) -> Bool {
    first == second || (first.isNaN && second.isNaN)
}
