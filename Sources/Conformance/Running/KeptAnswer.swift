public import Convolution

/// What an engine answered to a case that it failed, beside what was wanted and what was given: what it takes to look at
/// each element of a small case, and to compare the answer with what known mistakes give.
public struct KeptAnswer: Hashable, Sendable {
    /// The most elements of an answer that is kept, and of each tensor beside it.
    public static let elementLimit = 4096

    /// As the engine answered, in logical memory order.
    public let tensor: AnyTensor
    /// The golden answer; `nil` where the engine's has another shape.
    public let want: Tensor<Double>?
    /// The tensors that were given and are small enough, in logical memory order.
    public let operands: Operands

    /// What a record holds; `nil` where a tensor is too large, or what was wanted has another shape than the answer.
    public init?(_ tensor: AnyTensor, want: Tensor<Double>? = nil, operands: Operands = Operands()) {
        let given = Role.allCases.compactMap { operands[$0] }
        guard (given + [tensor]).allSatisfy({ $0.count <= KeptAnswer.elementLimit }),
            want == nil || want?.shape == tensor.shape
        else { return nil }
        self.tensor = tensor.reordered(to: .logical)
        self.want = want?.reordered(to: .logical)
        self.operands = operands.reordered(to: .golden)
    }

    /// The output of an answer to a case, where it has one and it is small enough.
    init?(_ answer: EngineAnswer, to golden: GoldenCase) {
        guard case .output(let output, _) = answer else { return nil }
        var operands = Operands()
        for role in Role.allCases {
            if let tensor = golden.operands[role], tensor.count <= KeptAnswer.elementLimit { operands[role] = tensor }
        }
        let want = golden.output?.expected
        self.init(output, want: want?.shape == output.shape ? want : nil, operands: operands)
    }

    /// How many numbers it holds.
    var count: Int {
        tensor.count + (want?.elements.count ?? 0) + Role.allCases.reduce(0) { $0 + (operands[$1]?.count ?? 0) }
    }
}

/// Chooses which answers of one engine a record keeps: those of its first failures, and of each that is smaller than all
/// failures before it, so that the smallest is among them.
///
/// The shards of a run together keep at least what the whole run would.
public struct AnswerSelection: Sendable {
    /// Once so many numbers are kept, only smaller cases are.
    public static let mostNumbers = 1 << 17

    private var numbers = 0
    private var fewestProducts = Double.infinity

    public init() {}

    /// Whether to keep the answer to a case; to be asked of each answer that could be kept, in the order of the run.
    public mutating func keeps(_ answer: KeptAnswer, to header: CaseHeader) -> Bool {
        let products = header.problem.products
        guard numbers < AnswerSelection.mostNumbers || products < fewestProducts else { return false }
        numbers += answer.count
        fewestProducts = min(fewestProducts, products)
        return true
    }
}
