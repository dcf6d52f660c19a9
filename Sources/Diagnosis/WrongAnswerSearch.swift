internal import Conformance
internal import Convolution
internal import Glibc

/// Looks for what the wrong elements of failing answers have in common.
struct WrongAnswerSearch {
    /// How many answers are looked at, spread over all that there are, and how many elements of each, wrong and right.
    private static let mostAnswers = 64
    private static let mostElements = 48
    /// Larger answers are left out.
    private static let mostSize = 200_000
    /// The part of the wrong elements that something has to hold for.
    private static let most = 0.95
    /// Errors of fewer bits are no matter of precision: a product that is missing among thousands looks like that.
    private static let (fewestBits, fewestOfMost) = (5.0, 6.0)

    private let operation: Operation
    private var answers: [Answer] = []
    /// Elements of passing answers, of which the same was wanted as of wrong ones: NaN and infinities.
    private var spared: [AnswerElement] = []

    /// A failing answer, in logical memory order.
    fileprivate struct Answer {
        let golden: GoldenCase
        let geometry: Geometry
        let got: [Double]
        let want: [Double]
        /// The same as numbers of the answer's type.
        let nearest: [Double]
        let wrong: [Int]
        let right: [Int]
    }

    /// - Parameters:
    ///   - observations: failures, of which those of the most common operation are looked at.
    ///   - passing: what passed; looked at where it is special values that fail.
    init(_ observations: [Observation], passing: [Observation], from source: any CaseSource) {
        let counts = Dictionary(grouping: observations, by: \.header.problem.operation).mapValues(\.count)
        operation = Operation.allCases.max { counts[$0] ?? 0 < counts[$1] ?? 0 } ?? .forward
        let candidates = observations.filter { [operation] in
            guard case .output(let tensor, _)? = $0.answer else { return false }
            return $0.header.problem.operation == operation && tensor.count <= Self.mostSize && tensor.count > 0
        }
        let step = max(1, candidates.count / Self.mostAnswers)
        for place in stride(from: 0, to: candidates.count, by: step) {
            if let answer = Answer(candidates[place], from: source) { answers.append(answer) }
        }
        guard 2 * answers.count(where: { $0.golden.header.data == .special }) > answers.count else { return }
        let special = passing.filter { [operation] in
            $0.header.data == .special && $0.header.problem.operation == operation
        }
        for place in stride(from: 0, to: special.count, by: max(1, special.count / Self.mostAnswers)) {
            guard let golden = try? source.load(special[place].header), let expected = golden.output?.expected else {
                continue
            }
            let wanted = expected.elements
            spared += Self.elements(Self.sample(wanted.indices.filter { !wanted[$0].isFinite }), of: golden)
        }
    }

    /// What was found; `nil` for nothing.
    func found() -> WrongAnswers? {
        let found = WrongAnswers(
            answers: answers.count, place: place, content: content, precision: precision)
        return found.place == nil && found.content == nil && found.precision == nil ? nil : found
    }

    // MARK: Place

    private var place: Rule? {
        var (wrong, right): ([AnswerElement], [AnswerElement]) = ([], [])
        for answer in answers {
            wrong += Self.elements(Self.sample(answer.wrong), of: answer.golden)
            right += Self.elements(Self.sample(answer.right), of: answer.golden)
        }
        right += spared
        // Few elements that are right say nothing.
        guard 20 * right.count >= wrong.count else { return nil }
        let vocabulary: Vocabulary<AnswerElement> = .ofAnswers(of: operation)
        return RuleSearch(
            spared.isEmpty ? vocabulary : vocabulary + .ofProblems, failing: wrong, passing: right
        ).rule()
    }

    private static func elements(_ offsets: [Int], of golden: GoldenCase) -> [AnswerElement] {
        guard let expected = golden.output?.expected, let geometry = try? golden.header.problem.geometry() else {
            return []
        }
        return offsets.map {
            AnswerElement(
                problem: golden.header.problem, geometry: geometry, index: expected.shape.index(at: $0),
                shape: expected.shape,
                wanted: expected.elements[$0])
        }
    }

    private static func sample(_ offsets: [Int]) -> [Int] {
        let step = Double(offsets.count) / Double(mostElements)
        if step <= 1 { return offsets }
        return (0..<mostElements).map { offsets[Int(Double($0) * step)] }
    }

    // MARK: Content

    private var content: WrongAnswers.Content? {
        let constant = answers.lazy.compactMap { answer in answer.wrong.first.map { answer.got[$0] } }.first ?? 0
        return WrongAnswers.Content.allCases.first { content in
            isOfMost { answer, offset in
                let (got, want) = (answer.got[offset], answer.want[offset])
                let bias = answer.golden.operands.bias?.doubles.elements
                let filter = bias.map { offset % $0.count }
                let addend = filter.flatMap { bias?[$0] } ?? 0
                switch content {
                case .zero: return got == 0
                case .nan: return got.isNaN
                case .constant: return got == constant && answers.count > 1
                case .finite: return got.isFinite && !want.isFinite
                case .negated: return got == -want
                case .withoutBias: return addend != 0 && answer.isNear(got, want - addend, at: offset)
                case .biasTwice: return addend != 0 && answer.isNear(got, want + addend, at: offset)
                }
            }
        }
    }

    /// Whether something holds for nearly all wrong elements that are looked at, and for some in each of nearly all answers.
    private func isOfMost(_ isSo: (Answer, Int) -> Bool) -> Bool {
        var (count, all) = (0, 0)
        for answer in answers {
            for offset in Self.sample(answer.wrong) {
                all += 1
                if isSo(answer, offset) { count += 1 }
            }
        }
        return all > 0 && Double(count) >= Self.most * Double(all)
    }

    // MARK: Precision

    private var precision: WrongAnswers.Precision? {
        let real = answers.filter { $0.type.format != nil && !$0.wrong.isEmpty }
        guard 2 * real.count > answers.count, let digits = real.map({ Int(Self.digits(of: $0.type)) }).min() else {
            return nil
        }
        let isTowardZero = isOfMost { $0.got[$1].magnitude <= $0.want[$1].magnitude && $0.got[$1] * $0.want[$1] >= 0 }
        if let bits = bitsOfAnswers(real), bits + 2 < digits {
            return .init(bits: bits, isOfAnswers: true, isTowardZero: isTowardZero)
        }
        let bits = real.compactMap(\.bits).sorted()
        guard 10 * bits.count >= 9 * real.count, let least = bits.first, least.isFinite else { return nil }
        let (low, middle) = (bits[bits.count / 20], bits[bits.count / 2])
        guard low >= Self.fewestBits, middle >= Self.fewestOfMost, middle < Double(digits) else { return nil }
        return .init(bits: Int(middle.rounded()), isOfAnswers: false, isTowardZero: isTowardZero)
    }

    /// How many significant bits all answered numbers have, where that is fewer than the right ones have, and what is lost
    /// is no more.
    private func bitsOfAnswers(_ answers: [Answer]) -> Int? {
        var (bits, wanted) = (0, 0)
        for answer in answers {
            for offset in Self.sample(answer.wrong) {
                bits = max(bits, Self.significance(of: answer.got[offset]))
                wanted = max(wanted, Self.significance(of: answer.nearest[offset]))
            }
        }
        guard bits > 1, bits + 2 < wanted else { return nil }
        // Sums that are rounded after each product are off by several roundings.
        let unit = 8 * exp2(-Double(bits))
        let isLost = isOfMost { answer, offset in
            let magnitude = Double(answer.golden.output?.magnitude.elements[offset] ?? 0)
            return abs(answer.got[offset] - answer.want[offset]) <= unit * magnitude
        }
        return isLost ? bits : nil
    }

    private static func significance(of number: Double) -> Int {
        guard number.isFinite, number != 0 else { return 0 }
        return number.significandWidth + 1
    }

    fileprivate static func digits(of type: ElementType) -> Double {
        type.format.map { -log2($0.unitRoundoff) } ?? 0
    }
}

extension WrongAnswerSearch.Answer {
    init?(_ observation: Observation, from source: any CaseSource) {
        guard case .output(let tensor, _)? = observation.answer, let golden = try? source.load(observation.header),
            let expected = golden.output?.expected, tensor.shape == expected.shape,
            let geometry = try? golden.header.problem.geometry()
        else { return nil }
        let verdict = Trial(golden).verdict(on: .output(tensor), capabilities: Capabilities())
        guard let comparison = verdict.comparison, !comparison.isMatch else { return nil }
        let got = tensor.doubles.reordered(to: .logical).elements
        let want = expected.elements
        // Where only the root mean square is too large, every element has a part in it.
        let wrong = comparison.mask?.runs.flatMap { Array($0) } ?? want.indices.filter { got[$0] != want[$0] }
        let isWrong = Set(wrong)
        let type = golden.header.problem.types[golden.header.problem.operation.answer]
        self.init(
            golden: golden, geometry: geometry, got: got, want: want,
            nearest: AnyTensor(nearest: want, type: type, shape: expected.shape).doubles.elements, wrong: wrong,
            right: comparison.mask.map { (0..<$0.covered).filter { !isWrong.contains($0) } } ?? [])
    }

    var type: ElementType { golden.header.problem.types[golden.header.problem.operation.answer] }

    func isNear(_ got: Double, _ other: Double, at offset: Int) -> Bool {
        let magnitude = Double(golden.output?.magnitude.elements[offset] ?? 0)
        return abs(got - other) <= 64 * exp2(-WrongAnswerSearch.digits(of: type)) * (magnitude + other.magnitude)
    }

    /// How many significant bits the factors would have for errors as large as these.
    ///
    /// Of K products with magnitude M that are each off by a part d of themselves, at random, the sum is off by
    /// d M / sqrt(K).
    var bits: Double? {
        guard let magnitudes = golden.output?.magnitude.elements else { return nil }
        let terms = Double(max(geometry.productsPerAnswer(of: golden.header.problem.operation), 1))
        var (squares, count) = (0.0, 0)
        for offset in wrong where magnitudes[offset] > 0 {
            let error = abs(got[offset] - want[offset]) / Double(magnitudes[offset])
            guard error.isFinite else { return nil }
            squares += error * error
            count += 1
        }
        return count == 0 ? nil : -log2((squares / Double(count) * terms).squareRoot())
    }
}
