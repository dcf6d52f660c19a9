internal import Convolution

/// The numbers of an operation's two factors, each less its zero point: in float32, which holds those of all types but
/// float64 and int32, so that operands in float32 are not copied; else in float64.
///
/// In the order of ``Operation/factors``, in logical memory order; of a bias gradient the second is the number 1.
enum Factors: Sendable {
    case float([Float], [Float])
    case double([Double], [Double])

    init(_ operation: Convolution.Operation, of operands: Operands) {
        let tensors = operation.factors.compactMap { role in operands[role].map { (role, $0.reordered(to: .logical)) } }
        func less<Number: BinaryFloatingPoint>(_ zeroPoints: [Int], _ numbers: [Number]) -> [Number] {
            if zeroPoints.allSatisfy({ $0 == 0 }) { return numbers }
            let zeros = zeroPoints.map { Number($0) }
            return numbers.enumerated().map { $1 - zeros[$0 % zeros.count] }
        }
        if tensors.contains(where: { $0.1.type == .float64 || $0.1.type == .int32 }) {
            let factors = tensors.map { less(operands.quantization?[$0]?.zeroPoints ?? [], $1.doubles.elements) }
            self = .double(factors[0], factors.count == 1 ? [1] : factors[1])
        } else {
            let factors = tensors.map { less(operands.quantization?[$0]?.zeroPoints ?? [], $1.singles.elements) }
            self = .float(factors[0], factors.count == 1 ? [1] : factors[1])
        }
    }
}
