internal import Conformance
internal import Convolution
internal import ExactArithmetic

/// How the operands of a case follow from a seed.
enum DrawRule: Sendable {
    /// Whole numbers whose partial sums are all exact in their floating-point type.
    case integer
    /// Reals in [-1, 1).
    case real
    case distribution(Distribution)
    /// All numbers of 8 bits, about zero points that are given.
    case bytes(Quantization)
    /// Numbers of 8 bits that lie whole steps from their zero points, so that no quantized answer is near a tie.
    case steps(Quantization)
    /// The numbers of other operands in another order: of each filter its own, a bias as it is.
    case shuffled(Operands)

    /// The rules by which the generator may have drawn a case with these operands.
    static func candidates(_ header: CaseHeader, _ quantization: Quantization?) -> [DrawRule] {
        switch (header.problem.types.kind, quantization) {
        case (.integer?, let quantization?): [.bytes(quantization)]
        case (.quantized?, let quantization?): [.steps(quantization)]
        case (.floating?, _) where header.data == .integer: [.integer]
        case (.floating?, _):
            (header.tags.compactMap(Distribution.init).first.map { [.distribution($0)] } ?? []) + [.real]
        default: []
        }
    }

    /// Whether numbers are spread evenly, whole or real.
    var isPlain: Bool {
        switch self {
        case .integer, .real, .bytes: true
        case .distribution, .steps, .shuffled: false
        }
    }

    /// The operands of a valid problem.
    ///
    /// - Parameter thinning: how many times the share of numbers that are not zero is halved, for whole numbers whose sums
    ///   have turned out too large.
    func operands(_ problem: Problem, seed: UInt64, thinning: Int = 0) throws(InvalidProblem) -> Operands {
        let geometry = try problem.geometry()
        var drawn = DrawnNumbers(problem, geometry)
        func plain(_ role: Role, _ shape: Shape, bound: Int? = nil) -> [Double] {
            Draw(bound: bound.map { UInt64($0) }, type: problem.types[role])
                .elements(count: shape.count, stream: Draw.Stream(role), seed: seed)
        }
        /// What is drawn and not changed, straight in its type.
        func unchanged(_ quantization: Quantization? = nil, bound: (Role) -> Int? = { _ in nil }) -> Operands {
            var operands = Operands(quantization: quantization)
            for (role, shape) in drawn.roles {
                operands[role] = Draw(bound: bound(role).map { UInt64($0) }, type: problem.types[role])
                    .tensor(shape, stream: Draw.Stream(role), seed: seed)
            }
            return operands
        }
        switch self {
        case .real: return unchanged()
        case .distribution(let distribution):
            drawn.draw { plain($0, $1) }
            distribution.apply(to: &drawn, of: problem, seed: seed)
        case .integer:
            let bounds = OperandBounds(problem, geometry)
            let factors = problem.operation.factors
            func bound(_ role: Role) -> Int { factors.firstIndex(of: role).map { bounds.factors[$0] } ?? bounds.bias }
            let share = bounds.density / Double(1 << thinning)
            guard share < 1, let last = factors.last else { return unchanged(bound: bound) }
            drawn.draw { plain($0, $1, bound: bound($0)) }
            let kept = Draw.bits(24, count: drawn[last].count, stream: 11, seed: seed)
            let limit = (share * 0x1p24).rounded(.down)
            for place in kept.indices where kept[place] >= limit { drawn[last][place] = 0 }
        case .bytes(let quantization): return unchanged(quantization)
        case .steps(let quantization):
            QuantizedDraw(quantization, problem).draw(&drawn, seed: seed)
            return drawn.operands(problem, quantization)
        case .shuffled(let other):
            drawn.draw { role, _ in other[role]?.reordered(to: .logical).doubles.elements ?? [] }
            drawn.change { role, shape, numbers in
                if role == .bias { return }
                let lists = role == .filter ? max(shape[3], 1) : 1
                let random = SplitMix64(seed: SplitMix64(seed: seed)[Draw.Stream(role).rawValue])
                for list in 0..<lists {
                    for last in stride(from: numbers.count / lists - 1, to: 0, by: -1) {
                        let place = last * lists + list
                        let other = Int(random[UInt64(place)] % UInt64(last + 1)) * lists + list
                        numbers.swapAt(place, other)
                    }
                }
            }
            return drawn.operands(problem, other.quantization)
        }
        return drawn.operands(problem, nil)
    }
}
