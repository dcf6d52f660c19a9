internal import Convolution

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

    /// Compares an answer with the golden one.
    ///
    /// - Parameter isBrief: whether nothing but ``isMatch`` and ``ratio`` is wanted.
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
        var tally = ComparisonTally(judge, region: region, isBrief: isBrief)
        tally.add(
            got, expected: golden.expected.elements, magnitude: golden.magnitude.elements,
            alternatives: golden.alternatives?.answers.map(\.output.elements) ?? [])
        self = tally.comparison
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
