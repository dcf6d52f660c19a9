internal import Convolution
internal import ExactArithmetic

/// Real data that is hard on arithmetic, drawn as `Scripts/golden/drawing/distributions.py` and `operand_distributions.py` do:
/// the first for forward convolutions in float32, the second for everything else. Named as the cases' tags are.
enum Distribution: String, CaseIterable {
    case positive, negative, cancelling, binades, leaning
    case cancellingNear = "cancelling_near"
    case cancellingFar = "cancelling_far"
    case smallOntoLarge = "small_onto_large"

    /// Draws a tensor, or changes the plain reals that were drawn for it.
    ///
    /// - Parameter drawn: of each role the plain reals; changed in place.
    func apply(to drawn: inout DrawnNumbers, of problem: Problem, seed: UInt64) {
        switch self {
        case .positive: drawn.change { role, _, numbers in positive(&numbers, role, problem, seed) }
        case .negative:
            let negated: Set<Role> = [problem.operation.factors[0], .bias]
            drawn.change { role, _, numbers in
                positive(&numbers, role, problem, seed)
                if negated.contains(role) { numbers = numbers.map { -$0 } }
            }
        case .leaning: drawn.change { role, _, numbers in leaning(&numbers, role, seed) }
        case .binades: drawn.change { role, _, numbers in binades(&numbers, role, problem, seed) }
        case .smallOntoLarge:
            let shape = problem.filter
            let middle = ((shape[0] / 2) * shape[1] + shape[1] / 2) * shape[2] + shape[2] / 2
            drawn.change { role, _, numbers in
                if role != .filter { return }
                for f in 0..<shape[3] { numbers[middle * shape[3] + f] *= 0x1p12 }
            }
        case .cancellingNear: cancelChannels(&drawn, problem, seed, distance: 1)
        case .cancellingFar: cancelChannels(&drawn, problem, seed, distance: problem.input[3] / 2)
        case .cancelling: cancelHalves(&drawn, problem, seed)
        }
    }

    private func isPlain(_ problem: Problem) -> Bool { problem.operation == .forward && problem.types == .float32 }

    private func bits(of problem: Problem) -> Int { problem.types.output.format?.significandBits ?? 24 }

    /// ((z >> (64 - p)) + 1) * 2^-p: in (0, 1].
    private func positive(_ numbers: inout [Double], _ role: Role, _ problem: Problem, _ seed: UInt64) {
        let bits = bits(of: problem)
        let unit = Double(sign: .plus, exponent: -bits, significand: 1)
        numbers = Draw.bits(bits, count: numbers.count, stream: Draw.Stream(role).rawValue, seed: seed)
            .map { ($0 + 1) * unit }
    }

    /// In [1/2, 1), with a significand of 1aaaaaaa 01bbbbbb 011ccccc in bits.
    private func leaning(_ numbers: inout [Double], _ role: Role, _ seed: UInt64) {
        numbers = Draw.bits(24, count: numbers.count, stream: Draw.Stream(role).rawValue, seed: seed).map {
            let z = Int($0)
            let (first, second, third) = (z >> 17, z >> 11 & 63, z >> 6 & 31)
            let bits: Int = 0x80_4060 | first << 16 | second << 8 | third
            return Double(bits) * 0x1p-24
        }
    }

    /// Times 2^e, with e uniform between two exponents; what the type cannot hold is left as it was.
    private func binades(_ numbers: inout [Double], _ role: Role, _ problem: Problem, _ seed: UInt64) {
        let type = problem.types.output
        let stream = Draw.Stream(role).rawValue + (isPlain(problem) ? 3 : 11)
        let widest =
            switch type {
            case .float64: 40
            case .float16: 3
            default: 12
            }
        let exponents = Draw.bits(24, count: numbers.count, stream: stream, seed: seed)
            .map { (Int($0) * (2 * widest + 1)) >> 24 - widest }
        let scaled = zip(numbers, exponents).map { $0 * Double(sign: .plus, exponent: $1, significand: 1) }
        let held = AnyTensor(nearest: scaled, type: type, shape: [1, 1, 1, scaled.count]).doubles.elements
        for place in numbers.indices where scaled[place] == held[place] { numbers[place] = scaled[place] }
    }

    /// Pairs of channels, `distance` apart: the second has the input of the first and its filter negated, each with a
    /// little added (streams 3 and 4).
    private func cancelChannels(_ drawn: inout DrawnNumbers, _ problem: Problem, _ seed: UInt64, distance: Int) {
        if distance == 0 { return }
        func little(_ count: Int, _ stream: UInt64) -> [Double] {
            Draw.bits(24, count: count, stream: stream, seed: seed)
                .map { Double((Int($0) * 0x2_0001) >> 24 - 0x1_0000) * 0x1p-23 }
        }
        let (channels, filters) = (problem.input[3], problem.filter[3])
        drawn.change { role, _, numbers in
            if role == .bias { return }
            let added = little(numbers.count, role == .input ? 3 : 4)
            let (inner, sign) = role == .input ? (1, 1.0) : (filters, -1.0)
            let before = numbers
            for place in numbers.indices where place / inner % channels / distance % 2 == 1 {
                numbers[place] = sign * before[place - distance * inner] + sign * added[place]
            }
        }
    }

    /// The second half along the axis that is summed: that of the first factor is the first half, and that of the second its
    /// negative, each with less than the lower half of the bits added.
    private func cancelHalves(_ drawn: inout DrawnNumbers, _ problem: Problem, _ seed: UInt64) {
        let bits = bits(of: problem)
        let (room, limit) = (1 << (bits / 2), Double(sign: .plus, exponent: bits - 1, significand: 1))
        let factors = problem.operation.factors
        let axes: [Role: Int] =
            switch problem.operation {
            case .forward: [.input: 3, .filter: 2]
            case .inputGradient: [.output: 3, .filter: 3]
            default: [.input: 0, .output: 0]
            }
        drawn.change { role, shape, numbers in
            guard let axis = axes[role], let turn = factors.firstIndex(of: role) else { return }
            let half = shape[axis] / 2
            let inner = (axis + 1..<4).reduce(1) { $0 * shape[$1] }
            let added = Draw.bits(
                24, count: half * (numbers.count / max(shape[axis], 1)), stream: 10, seed: seed &+ UInt64(turn))
            // The little ones are drawn for the half with the summed axis in front.
            let rest = numbers.count / max(shape[axis], 1)
            let before = numbers
            for place in numbers.indices {
                let index = place / inner % shape[axis]
                guard index >= half, index < 2 * half else { continue }
                let other = place / inner / shape[axis] * inner + place % inner
                let little = Double(Int(added[(index - half) * rest + other]) % (2 * room) - room)
                let whole = before[place - half * inner] * limit + little
                numbers[place] = (turn == 0 ? 1 : -1) * min(max(whole, -limit), limit) / limit
            }
        }
    }
}
