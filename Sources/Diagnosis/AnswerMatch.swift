internal import Conformance
internal import Convolution

/// Whether an engine's answer is what a mistake would give.
struct AnswerMatch {
    private let golden: GoldenCase

    init(_ golden: GoldenCase) {
        self.golden = golden
    }

    /// Integer and special data are compared element by element, exactly; NaN is one. Real data may differ by twice what a
    /// right engine may: the mistake was made with one order of summation, the answer with another.
    func holds(_ answer: EngineAnswer, _ prediction: Hypothesis.Prediction) -> Bool {
        switch (answer, prediction) {
        case (.output(.float32(let got), _), .answer(.output(.float32(let other), _))): isSame(got, other) { _ in true }
        case (.output(.float32(let got), _), .part(let other, let known)):
            // An answer of which half is left open is hardly told.
            2 * known.lazy.filter(\.self).count >= known.count && isSame(got, other) { known[$0] }
        case (.rejected, .answer(.rejected)): true
        default: false
        }
    }

    private func isSame(_ got: Tensor<Float>, _ other: Tensor<Float>, where isKnown: (Int) -> Bool) -> Bool {
        guard got.shape == other.shape else { return false }
        let (got, other) = (got.reordered(to: .logical).elements, other.reordered(to: .logical).elements)
        let allowed = allowance(count: got.count)
        for offset in got.indices where isKnown(offset) {
            let (first, second) = (got[offset], other[offset])
            if first == second || (first.isNaN && second.isNaN) { continue }
            guard let allowed, abs(Double(first) - Double(second)) <= allowed(offset, second) else { return false }
        }
        return true
    }

    /// What two answers with the same mistake may differ by at an element; nil for nothing.
    ///
    /// Twice (2 sqrt(K) + 4) u M + u |value|, as `Conformance` allows each of them.
    private func allowance(count: Int) -> ((_ offset: Int, _ value: Float) -> Double)? {
        guard golden.header.data == .real, let magnitude = golden.output?.magnitude.elements,
            magnitude.count == count, let geometry = try? golden.header.problem.geometry()
        else { return nil }
        let unitRoundoff = 0x1p-24
        let perMagnitude = (2 * Double(geometry.productsPerOutput + 1).squareRoot() + 4) * unitRoundoff
        return { offset, value in
            2 * (perMagnitude * Double(magnitude[offset]) + unitRoundoff * Double(value.magnitude))
        }
    }
}
