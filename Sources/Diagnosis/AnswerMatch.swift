internal import Conformance
internal import Convolution

/// Whether an engine's answer is what a mistake would give.
struct AnswerMatch {
    private let golden: GoldenCase
    /// Of the sums that the mistake was made with.
    private let precision: ElementType
    /// Whether the sums of the mistake's answer have fewer bits than those of the case.
    private let isOfMoreBits: Bool

    /// - Parameter precision: the floating-point type in which the mistake's answer was summed, where its numbers are no
    ///   whole ones.
    init(_ golden: GoldenCase, precision: ElementType) {
        self.golden = golden
        self.precision = precision
        let problem = golden.header.problem
        isOfMoreBits = problem.types[problem.operation.answer] == .float64 && precision == .float32
    }

    /// Integer and special data are compared element by element, exactly; NaN is one. Real data, and numbers of float64
    /// that were added up in float32, may differ by twice what a right engine may: the mistake was made with one order
    /// of summation, the answer with another.
    func holds(_ answer: EngineAnswer, _ prediction: Hypothesis.Prediction) -> Bool {
        switch (answer, prediction) {
        case (.output(let got, _), .answer(.output(let other, _), _)): isSame(got, other) { _ in true }
        case (.output(let got, _), .part(let other, let known)):
            // An answer of which half is left open is hardly told.
            2 * known.lazy.filter(\.self).count >= known.count && isSame(got, other) { known[$0] }
        case (.rejected, .answer(.rejected, _)): true
        default: false
        }
    }

    /// Whether the prediction tells nothing from a right answer, since its sums have fewer bits than the case's.
    func isBlind(_ prediction: AnyTensor) -> Bool {
        guard isOfMoreBits, let expected = golden.output?.expected else { return false }
        return isSame(AnyTensor(nearest: expected.elements, type: prediction.type, shape: expected.shape), prediction) {
            _ in true
        }
    }

    private func isSame(_ got: AnyTensor, _ other: AnyTensor, where isKnown: (Int) -> Bool) -> Bool {
        guard got.shape == other.shape, got.type == other.type else { return false }
        let (got, other) = (
            got.doubles.reordered(to: .logical).elements, other.doubles.reordered(to: .logical).elements
        )
        let allowed = allowance(count: got.count)
        for offset in got.indices where isKnown(offset) {
            let (first, second) = (got[offset], other[offset])
            if first == second || (first.isNaN && second.isNaN) { continue }
            guard let allowed, abs(first - second) <= allowed(offset, second) else { return false }
        }
        return true
    }

    /// What two answers with the same mistake may differ by at an element; nil for nothing.
    ///
    /// Twice (2 sqrt(K) + 4) u M + v |value| + t / 2, as `Conformance` allows each of them: u is the unit roundoff of the
    /// sums, v that of the answer's type, t its least number above zero.
    private func allowance(count: Int) -> ((_ offset: Int, _ value: Double) -> Double)? {
        let problem = golden.header.problem
        guard golden.header.data == .real || isOfMoreBits, let magnitude = golden.output?.magnitude.elements,
            magnitude.count == count, let geometry = try? problem.geometry(),
            let sums = precision.format, let answers = problem.types[problem.operation.answer].format
        else { return nil }
        let terms = Double(geometry.productsPerAnswer(of: problem.operation) + 1)
        let perMagnitude = (2 * terms.squareRoot() + 4) * sums.unitRoundoff
        let perValue = max(sums.unitRoundoff, answers.unitRoundoff)
        return { offset, value in
            2 * (perMagnitude * Double(magnitude[offset]) + perValue * value.magnitude)
                + answers.leastNonzeroMagnitude
        }
    }
}
