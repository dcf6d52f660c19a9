public import Convolution
internal import ExactArithmetic

/// What is known beforehand of an answer that is not computed whole: how large it can be.
public struct ProjectedTruth: Hashable, Sendable {
    /// The fewest elements of a group, filters or channels of an input gradient, for which a projection costs much less than
    /// the whole answer.
    public static let fewestElements = 16
    /// A wrong answer of whole numbers is to pass with a probability of 2^-40 at most.
    static let missedBits = 40
    /// The most vectors that are taken for that.
    private static let mostVectors = 5

    /// No element's sum of the magnitudes of its products, with that of the bias, is larger.
    public let largestMagnitude: Double

    /// Whether a problem can be judged by projections: any operation but a bias gradient, which costs what reading its operand
    /// does, in floating point or to int32, with elements enough in each group, and an answer of more than a record keeps whole.
    /// A quantized answer is rounded, and no sum of it says what its elements are.
    public static func suits(_ problem: Problem) -> Bool {
        guard problem.operation != .biasGradient, let kind = problem.types.kind, kind != .quantized,
            let geometry = try? problem.geometry(),
            let count = geometry.shape(of: problem.operation.answer).checkedCount
        else { return false }
        return count > KeptAnswer.elementLimit
            && geometry.elementsPerGroup(of: problem.operation) >= fewestElements && geometry.productsPerOutput > 0
            && max(
                geometry.productsPerAnswer(of: problem.operation), geometry.filters, geometry.channels, geometry.width,
                geometry.outputWidth) <= Int(Int32.max) / 64
    }

    /// The bound of a case's operands, in logical memory order; `nil` where the problem does not suit, a number is not
    /// finite, or whole numbers are so large that a right engine's sums may not be exact, or those of projections would not.
    public init?(_ header: CaseHeader, _ operands: Operands) {
        let problem = header.problem
        guard Self.suits(problem), header.data != .special, let geometry = try? problem.geometry(),
            (problem.types.output.format == nil) == (operands.quantization != nil)
        else { return nil }
        let bound = LargestMagnitude.bound(geometry, problem.operation, operands)
        guard bound.isFinite else { return nil }
        largestMagnitude = bound
        guard let format = problem.types.output.format else {
            guard bound <= Double(Int32.max), vectors(for: geometry, problem.operation) != nil else { return nil }
            return
        }
        guard bound < format.overflowThreshold else { return nil }
        if header.data == .integer {
            let most = Double(sign: .plus, exponent: min(format.significandBits, 53), significand: 1)
            guard bound <= most, vectors(for: geometry, problem.operation) != nil else { return nil }
        }
    }

    /// How many vectors of whole numbers, of how many bits each, show a wrong element with enough certainty, and have sums
    /// that are exact in float64; `nil` where that takes too many.
    ///
    /// The numbers are drawn from -2^(b - 1) ..< 2^(b - 1), so the magnitudes of no sum of F elements exceed F M 2^(b - 1), which is to be
    /// at most 2^53. A vector misses a position with a wrong element with a probability of 2^-b: whatever its other numbers
    /// are, one value at most of that element's hides it.
    func vectors(for geometry: Geometry, _ operation: Operation) -> (count: Int, bits: Int)? {
        let sum = max(largestMagnitude, 1) * Double(geometry.elementsPerGroup(of: operation))
        let bits = 53 - Int(sum.exponent) - (sum.significand > 1 ? 1 : 0) + 1
        guard bits >= 2 else { return nil }
        // Vectors are drawn from 32 bits.
        let used = min(bits, 32)
        let count = (Self.missedBits + used - 1) / used
        return count <= Self.mostVectors ? (count, used) : nil
    }
}
