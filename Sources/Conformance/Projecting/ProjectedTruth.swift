public import Convolution

/// What is known beforehand of an answer that is not computed whole: how large it can be.
public struct ProjectedTruth: Hashable, Sendable {
    /// The fewest filters of a group for which a projection costs much less than the whole answer.
    public static let fewestFilters = 16
    /// A wrong answer of whole numbers is to pass with a probability of 2^-40 at most.
    static let missedBits = 40
    /// The most vectors that are taken for that.
    private static let mostVectors = 5

    /// No element's sum of the magnitudes of its products, with that of the bias, is larger.
    public let largestMagnitude: Double

    /// Whether a problem can be judged by projections: a forward convolution in floating point, with filters enough in each
    /// group, and an answer of more elements than a record keeps whole.
    public static func suits(_ problem: Problem) -> Bool {
        guard problem.operation == .forward, case .floating? = problem.types.kind,
            let geometry = try? problem.geometry(),
            let count = geometry.outputShape.checkedCount
        else { return false }
        return count > KeptAnswer.elementLimit && geometry.filtersPerGroup >= fewestFilters
            && geometry.productsPerOutput > 0
            && max(geometry.productsPerOutput, geometry.filters, geometry.channels, geometry.width)
                <= Int(Int32.max) / 64
    }

    /// The bound of a case's operands, in logical memory order; `nil` where the problem does not suit, a number is not
    /// finite, or whole numbers are so large that a right engine's sums may not be exact, or those of projections would not.
    public init?(_ header: CaseHeader, _ operands: Operands) {
        let problem = header.problem
        guard Self.suits(problem), header.data != .special, let geometry = try? problem.geometry(),
            let input = operands.input, let filter = operands.filter, input.order == .logical,
            let format = problem.types.output.format
        else { return nil }
        let filters = geometry.filters
        var sums = operands.bias?.doubles.elements.map(\.magnitude) ?? [Double](repeating: 0, count: filters)
        let largest = input.largestMagnitude
        for (place, weight) in filter.reordered(to: .logical).doubles.elements.enumerated() {
            sums[place % filters] += largest * weight.magnitude
        }
        largestMagnitude = sums.reduce(0) { $1 > $0 || $1.isNaN ? $1 : $0 }
        guard largest.isFinite, largestMagnitude.isFinite, largestMagnitude < format.overflowThreshold else {
            return nil
        }
        if header.data == .integer {
            let most = Double(sign: .plus, exponent: min(format.significandBits, 53), significand: 1)
            guard largestMagnitude <= most, vectors(for: geometry) != nil else { return nil }
        }
    }

    /// How many vectors of whole numbers, of how many bits each, show a wrong element with enough certainty, and have sums
    /// that are exact in float64; `nil` where that takes too many.
    ///
    /// The numbers are drawn from -2^(b - 1) ..< 2^(b - 1), so the magnitudes of no sum exceed F M 2^(b - 1), which is to be
    /// at most 2^53. A vector misses a position with a wrong element with a probability of 2^-b: whatever its other numbers
    /// are, one value at most of that element's hides it.
    func vectors(for geometry: Geometry) -> (count: Int, bits: Int)? {
        let sum = max(largestMagnitude, 1) * Double(geometry.filtersPerGroup)
        let bits = 53 - Int(sum.exponent) - (sum.significand > 1 ? 1 : 0) + 1
        guard bits >= 2 else { return nil }
        // Vectors are drawn from 32 bits.
        let used = min(bits, 32)
        let count = (Self.missedBits + used - 1) / used
        return count <= Self.mostVectors ? (count, used) : nil
    }
}

extension AnyTensor {
    /// The largest magnitude; NaN where there is one.
    fileprivate var largestMagnitude: Double {
        var (largest, isNumber) = (0.0, true)
        let block = 4096
        var numbers = [Double](repeating: 0, count: block)
        for first in stride(from: 0, to: count, by: block) {
            let size = min(block, count - first)
            numbers.withUnsafeMutableBufferPointer { numbers in
                copy(from: first, count: size, into: numbers.baseAddress!)
                for place in 0..<size {
                    let magnitude = numbers[place].magnitude
                    largest = magnitude > largest ? magnitude : largest
                    isNumber = isNumber && magnitude == magnitude
                }
            }
        }
        return isNumber ? largest : .nan
    }
}
