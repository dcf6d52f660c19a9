public import Convolution
internal import ExactArithmetic

/// An exact answer that is computed image by image, as an engine's is compared with it: every element, in the memory of one.
///
/// It is for answers so large that the exact one, three times as large as one of float32, would not fit beside it, and of
/// which there are no projections: those of depthwise convolutions and of few filters.
public struct ImagewiseTruth: Hashable, Sendable {
    /// Of more elements than this the exact answer is not kept: 12 bytes each.
    public static let mostElements = 1 << 24

    /// Whether a problem's answer is that of several images, too large to be kept, and without projections.
    public static func suits(_ problem: Problem) -> Bool { suits(problem, keeping: mostElements) }

    private static func suits(_ problem: Problem, keeping most: Int) -> Bool {
        guard problem.operation == .forward || problem.operation == .inputGradient, problem.types.kind != .quantized,
            problem.input[0] > 1, !ProjectedTruth.suits(problem), let geometry = try? problem.geometry(),
            let count = geometry.shape(of: problem.operation.answer).checkedCount
        else { return false }
        return count > most
    }

    /// `nil` where the problem does not suit, a number is not finite, or a bound does not say that a right engine's sums stay in
    /// the range of their type, and are exact where they are of whole numbers.
    init?(_ header: CaseHeader, _ operands: Operands, keeping most: Int = mostElements) {
        let problem = header.problem
        guard Self.suits(problem, keeping: most), header.data != .special, let geometry = try? problem.geometry() else {
            return nil
        }
        let bound = LargestMagnitude.bound(geometry, problem.operation, operands)
        guard let format = problem.types.output.format else {
            if bound <= Double(Int32.max) { return }
            return nil
        }
        let whole = Double(sign: .plus, exponent: min(format.significandBits, 53), significand: 1)
        guard bound < format.overflowThreshold, header.data != .integer || bound <= whole else { return nil }
    }

    /// Compares an answer with the exact ones of its images.
    func comparison(
        of got: AnyTensor, with golden: GoldenCase, _ geometry: Geometry, allowance: Allowance,
        leeway: @autoclosure () -> NonFiniteLeeway?, isBrief: Bool
    ) throws(InvalidProblem) -> Comparison {
        let problem = golden.header.problem
        let operation = problem.operation
        let judge = ElementJudge(
            allowance: allowance, leeway: got.firstNonFinite == nil ? nil : leeway(), shape: got.shape, type: got.type)
        var tally = ComparisonTally(judge, region: AnswerRegion(geometry, operation.answer), isBrief: isBrief)
        var single = problem
        single.input[0] = 1
        let hasOwnImage: Role = operation == .forward ? .input : .output
        for image in 0..<problem.input[0] where !tally.isDecided {
            var operands = golden.operands
            operands[hasOwnImage] = operands[hasOwnImage]?.image(image)
            let exact = try ExactConvolution().answer(to: single, operands)
            let got = got.image(image).reordered(to: .logical)
            tally.add(
                got, expected: exact.expected.elements, magnitude: exact.magnitude.elements, from: image * got.count)
        }
        return tally.comparison
    }
}
