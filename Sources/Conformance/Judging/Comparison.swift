internal import Convolution
internal import ExactArithmetic

/// An output compared with the golden one, element by element.
public struct Comparison: Hashable, Sendable {
    /// How many elements were compared.
    public var elements: Int
    /// How many of them are not as wanted.
    public var mismatched: Int
    /// The worst error over what is allowed, also where it passes: of an element, or of the root mean square.
    public var ratio: Double
    /// The root mean square of |got - want| / (u M), where it is judged.
    public var rms: Double?
    /// The largest root mean square allowed.
    public var rmsLimit: Double?
    /// Where several answers are right and differ, how many elements were answered with each: as expected, then the
    /// others in their order. Empty where a case leaves nothing open.
    public var met: [Int] = []
    /// Elements that are not finite in the place of what was wanted, and may be: what a transform spreads over its tile, or
    /// a smaller range overflows to.
    public var spread = 0
    /// The worst mismatches, worst first, at most ``worstKept``.
    public var worst: [Mismatch]
    /// Where the mismatches lie; `nil` where there are none.
    public var location: MismatchLocation?
    /// Which elements they are; `nil` where there are none.
    public var mask: ElementMask?
    /// How it was judged, where not every element was compared with its own exact sum.
    public var projection: Projection?

    /// How many mismatches are kept.
    public static let worstKept = 5

    /// Whether every element, and all of them together, are as wanted, as far as they were looked at.
    public var isMatch: Bool { mismatched == 0 && rmsIsWithinLimit }

    /// Whether the root mean square is within its limit, where there is one.
    public var rmsIsWithinLimit: Bool {
        guard let rms, let rmsLimit else { return true }
        return rms <= rmsLimit
    }

    public init(
        elements: Int, mismatched: Int, ratio: Double, rms: Double? = nil, rmsLimit: Double? = nil,
        worst: [Mismatch] = [], location: MismatchLocation? = nil, mask: ElementMask? = nil
    ) {
        self.elements = elements
        self.mismatched = mismatched
        self.ratio = ratio
        self.rms = rms
        self.rmsLimit = rmsLimit
        self.worst = worst
        self.location = location
        self.mask = mask
    }

    /// How many elements of an answer are taken as numbers of float64 at once.
    private static let elementsTogether = 4096

    /// Compares an answer with the golden one.
    ///
    /// - Parameter isBrief: whether nothing but ``isMatch`` and ``ratio`` is wanted. It then ends where nothing could be worse.
    /// - Precondition: `got` has the golden answer's shape.
    init(
        got: AnyTensor, golden: GoldenCase.Output, region: AnswerRegion, allowance: Allowance,
        leeway: @autoclosure () -> NonFiniteLeeway?, isBrief: Bool = false
    ) {
        let shape = golden.expected.shape
        precondition(got.shape == shape, "outputs of different shapes have no elements to compare")
        let got = got.reordered(to: .logical)
        // Only an answer that is not finite somewhere can need it.
        let leeway = got.firstNonFinite == nil ? nil : leeway()
        let judge = ElementJudge(allowance: allowance, leeway: leeway, shape: shape, type: got.type)
        self.init(elements: got.count, mismatched: 0, ratio: 0)
        let alternatives = golden.alternatives?.answers.map(\.output.elements) ?? []
        if !alternatives.isEmpty { met = [Int](repeating: 0, count: 1 + alternatives.count) }
        var wrong: [Int] = []
        var passed = Allowance.Passed()
        var places: [Int] = []
        let numbers = Scratch<Double>(count: Comparison.elementsTogether)
        let (expected, magnitudes) = (golden.expected.elements, golden.magnitude.elements)
        comparing: for first in stride(from: 0, to: got.count, by: Comparison.elementsTogether) {
            let block = first..<min(got.count, first + Comparison.elementsTogether)
            got.copy(from: first, count: block.count, into: numbers.pointer)
            if alternatives.isEmpty {
                expected.withUnsafeBufferPointer { expected in
                    magnitudes.withUnsafeBufferPointer { magnitudes in
                        allowance.pass(
                            got: UnsafeBufferPointer(start: numbers.pointer, count: block.count),
                            want: UnsafeBufferPointer(rebasing: expected[block]),
                            magnitude: UnsafeBufferPointer(rebasing: magnitudes[block]), to: &passed, others: &places)
                    }
                }
            } else {
                places = Array(0..<block.count)
            }
            for place in places {
                let (value, offset) = (numbers.pointer[place], first + place)
                let (want, magnitude) = (expected[offset], magnitudes[offset])
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
                if finding.isSpread { spread += 1 }
                if isOpen, finding.wrong == nil, !finding.isSpread { met[answered] += 1 }
                passed.ratio = max(passed.ratio, finding.ratio)
                let error = abs(value - answer)
                if let error = allowance.standardized(
                    error: allowance.isFlushed(value, want: answer) ? 0 : error, want: answer,
                    magnitude: Double(magnitude), offset: offset), error.isFinite
                {
                    passed.squares += error * error
                    passed.counted += 1
                }
                guard let kind = finding.wrong else { continue }
                mismatched += 1
                if isBrief {
                    if finding.ratio == .infinity { break comparing }
                    continue
                }
                wrong.append(offset)
                if isAmongWorst(ratio: finding.ratio, error: error) {
                    keep(
                        judge.mismatch(
                            finding, kind, got: value, want: answer, magnitude: magnitude, offset: offset))
                }
            }
        }
        ratio = passed.ratio
        location = wrong.isEmpty ? nil : MismatchLocation(of: wrong, in: region)
        mask = wrong.isEmpty ? nil : ElementMask(wrong: wrong, of: elements)
        if passed.counted > 0, let limit = allowance.rmsLimit(elements: passed.counted) {
            let rms = (passed.squares / Double(passed.counted)).squareRoot()
            (self.rms, rmsLimit) = (rms, limit)
            ratio = max(ratio, rms / limit)
        }
    }

    /// Whether a mismatch is worse than the last of those kept. Of equal ratios (all infinite, where nothing is allowed) the
    /// larger error is worse.
    func isAmongWorst(ratio: Double, error: Double) -> Bool {
        guard worst.count == Comparison.worstKept, let last = worst.last else { return true }
        return (ratio, error.isNaN ? .infinity : error) > (last.ratio, last.error)
    }

    /// Files a mismatch among the worst.
    mutating func keep(_ mismatch: Mismatch) {
        let place = worst.firstIndex { (mismatch.ratio, mismatch.error) > ($0.ratio, $0.error) }
        worst.insert(mismatch, at: place ?? worst.endIndex)
        if worst.count > Comparison.worstKept { worst.removeLast() }
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

extension Shape {
    /// The logical index of an element by its place in logical memory order.
    package func index(at offset: Int) -> Shape {
        var rest = offset
        var index: Shape = [0, 0, 0, 0]
        for axis in (0..<4).reversed() {
            index[axis] = rest % self[axis]
            rest /= self[axis]
        }
        return index
    }
}
