public import Convolution

/// How large the elements of an answer can be, by their operands alone.
public enum LargestMagnitude {
    private static let blockNumbers = 4096

    /// No element's sum of the magnitudes of its products, with that of the bias, is larger: the largest magnitude of the first
    /// factor times the largest sum of those of the second that meet one index of the answer's last axis. NaN or infinite
    /// where an operand has such numbers.
    ///
    /// - Parameter operation: any but a bias gradient.
    public static func bound(_ geometry: Geometry, _ operation: Convolution.Operation, _ operands: Operands) -> Double {
        let last = operation == .inputGradient ? geometry.channels : geometry.filters
        var sums = operands.bias?.doubles.elements.map(\.magnitude) ?? [Double](repeating: 0, count: last)
        let first = largest(CenteredNumbers(operation.factors[0], of: operands, areMagnitudes: true))
        let second = CenteredNumbers(operation.factors[1], of: operands, areMagnitudes: true)
        let row = Scratch<Double>(count: geometry.filters)
        for place in stride(from: 0, to: second.count, by: geometry.filters) {
            second.copy(from: place, count: geometry.filters, into: row.pointer)
            if operation == .inputGradient {
                let channel = place / geometry.filters % geometry.channelsPerGroup
                for f in 0..<geometry.filters {
                    sums[f / geometry.filtersPerGroup * geometry.channelsPerGroup + channel] += first * row.pointer[f]
                }
            } else {
                for f in 0..<geometry.filters { sums[f] += first * row.pointer[f] }
            }
        }
        return sums.reduce(0) { $1 > $0 || $1.isNaN ? $1 : $0 }
    }

    private static func largest(_ magnitudes: CenteredNumbers) -> Double {
        var (largest, isNumber) = (0.0, true)
        let block = Scratch<Double>(count: blockNumbers)
        for first in stride(from: 0, to: magnitudes.count, by: blockNumbers) {
            let size = min(blockNumbers, magnitudes.count - first)
            magnitudes.copy(from: first, count: size, into: block.pointer)
            for place in 0..<size {
                let magnitude = block.pointer[place]
                largest = magnitude > largest ? magnitude : largest
                isNumber = isNumber && magnitude == magnitude
            }
        }
        return isNumber ? largest : .nan
    }
}
