internal import Convolution

/// An operand's numbers as they are multiplied: in float64, each less its zero point.
struct CenteredNumbers {
    /// In logical memory order.
    private let tensor: AnyTensor
    /// One for all elements, or one for each index of the last axis.
    private let zeroPoints: [Double]
    private let areMagnitudes: Bool

    /// - Parameters:
    ///   - role: of a factor of the operation, among the operands.
    ///   - areMagnitudes: whether each number gives way to its magnitude.
    init(_ role: Role, of operands: Operands, areMagnitudes: Bool = false) {
        guard let tensor = operands[role] else { preconditionFailure("there is no \(role.rawValue)") }
        self.tensor = tensor.reordered(to: .logical)
        let points = (operands.quantization?[role]?.zeroPoints ?? [0]).map { Double($0) }
        zeroPoints = points.allSatisfy { $0 == 0 } ? [0] : points
        self.areMagnitudes = areMagnitudes
    }

    var count: Int { tensor.count }
    var shape: Shape { tensor.shape }
    var type: ElementType { tensor.type }

    /// Copies numbers that lie side by side.
    func copy(from place: Int, count: Int, into numbers: UnsafeMutablePointer<Double>) {
        tensor.copy(from: place, count: count, into: numbers)
        if zeroPoints.count > 1 {
            for turn in 0..<count { numbers[turn] -= zeroPoints[(place + turn) % zeroPoints.count] }
        } else if zeroPoints[0] != 0 {
            for turn in 0..<count { numbers[turn] -= zeroPoints[0] }
        }
        if areMagnitudes {
            for turn in 0..<count { numbers[turn] = numbers[turn].magnitude }
        }
    }

    /// All of them.
    var all: [Double] {
        [Double](unsafeUninitializedCapacity: count) { numbers, filled in
            if let room = numbers.baseAddress { copy(from: 0, count: count, into: room) }
            filled = count
        }
    }
}
