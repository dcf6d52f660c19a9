public import Conformance
public import Convolution
internal import ExactArithmetic

/// Draws data for a problem until it is sound, and computes the exact answer.
///
/// Sound is what a right engine cannot fail: partial sums of whole numbers are exact in their type, no answer is subnormal or
/// rounded otherwise by way of float64, no sum of 32 bits overflows, no quantized value is near a tie. And no data may be
/// degenerate that need not be.
public struct CaseMaker: Sendable {
    private static let mostAttempts = 200
    /// After so many attempts at whole numbers, fewer of them are left.
    private static let attemptsBeforeThinning = 40
    /// How often the share of whole numbers that are left is halved, at most, until a bound says that their sums are exact.
    private static let mostThinning = 3

    private let rule: DrawRule
    /// What the data may have that hides faults; `nil` where that is not known, and what it has least of is taken.
    private let allowed: Degeneracies?
    /// Which answers are not computed whole, of cases without stored ones.
    private let policy: TruthPolicy

    init(_ rule: DrawRule, allowed: Degeneracies?, policy: TruthPolicy = .complete) {
        self.rule = rule
        self.allowed = allowed
        self.policy = policy
    }

    /// Data of a problem with floating-point tensors, or of 8-bit numbers with zero points to int32.
    ///
    /// - Parameter quantization: zero points, of integers.
    public init(_ header: CaseHeader, quantization: Quantization? = nil, policy: TruthPolicy = .bySize) {
        let rules = DrawRule.candidates(header, quantization)
        precondition(!rules.isEmpty, "there is no rule for data of \(header.problem.types)")
        self.init(rules[0], allowed: nil, policy: policy)
    }

    /// A case with its answer.
    ///
    /// - Parameters:
    ///   - header: of a valid problem.
    ///   - seed: the seed of an attempt, from 0.
    /// - Throws: `InvalidProblem`, and ``NoSoundData`` where no attempt gives data on which right engines agree.
    public func golden(_ header: CaseHeader, seed: (Int) -> UInt64) throws -> GoldenCase {
        let geometry = try header.problem.geometry()
        if let golden = try withoutAnswer(header, seed: seed(0)) { return golden }
        let isLarge = geometry.outputShape.count > 1_000_000 / max(geometry.productsPerOutput, 1)
        var best: (golden: GoldenCase, degeneracies: Degeneracies)?
        for attempt in 0..<CaseMaker.mostAttempts {
            let seed = seed(attempt)
            let thinning = header.data == .integer ? attempt / CaseMaker.attemptsBeforeThinning : 0
            let operands = try rule.operands(header.problem, seed: seed, thinning: thinning)
            let exact = try ExactConvolution().answer(to: header.problem, operands)
            guard isSound(exact, header, operands) else { continue }
            var header = header
            header.seed = seed
            let isWhole = header.problem.types.output.format == nil
            let golden = GoldenCase(
                header: header, operands: operands,
                output: .init(
                    expected: exact.expected,
                    magnitude: isWhole ? Tensor(repeating: 0, shape: exact.magnitude.shape) : exact.magnitude))
            let found = Degeneracies(header.problem, operands, answer: exact.expected)
            if found.isSubset(of: allowed ?? []) { return golden }
            if best.map({ found.rawValue.nonzeroBitCount < $0.degeneracies.rawValue.nonzeroBitCount }) ?? true {
                best = (golden, found)
            }
            // What it has after so many attempts it has always; and of a large problem each is dear.
            if allowed == nil, attempt >= (isLarge ? 0 : 8) { break }
        }
        guard let best else { throw NoSoundData(id: header.id) }
        return best.golden
    }

    /// The case without its answer, where it is to be judged without, and can be with the data that is drawn: plain
    /// reals, whose sums are far from the ends of their type, or whole numbers whose sums are exact by a bound, for which
    /// some of them may have to be left out.
    private func withoutAnswer(_ header: CaseHeader, seed: UInt64) throws(InvalidProblem) -> GoldenCase? {
        guard policy.exactExtent(of: header.problem) != .whole, rule.isPlain else { return nil }
        var header = header
        header.seed = seed
        let most = header.data == .integer && header.problem.types.output.format != nil ? CaseMaker.mostThinning : 0
        for thinning in 0...most {
            let operands = try rule.operands(header.problem, seed: seed, thinning: thinning)
            if let golden = GoldenCase(withoutAnswer: header, operands: operands) { return golden }
        }
        return nil
    }

    private func isSound(_ exact: ExactAnswer, _ header: CaseHeader, _ operands: Operands) -> Bool {
        let (problem, answer) = (header.problem, exact.expected.elements)
        let type = problem.types[problem.operation.answer]
        guard let format = type.format else {
            if case .steps(let quantization) = rule { return !QuantizedDraw(quantization, problem).isNearTie(operands) }
            if case .shuffled(let other) = rule, let quantization = other.quantization, quantization.output != nil {
                return !QuantizedDraw(quantization, problem).isNearTie(operands)
            }
            return answer.allSatisfy { $0.magnitude <= Double(Int32.max) }
        }
        let most =
            header.data == .integer
            ? Double(sign: .plus, exponent: min(format.significandBits, 53), significand: 1) : format.overflowThreshold
        guard exact.magnitude.elements.allSatisfy({ Double($0) <= most }) else { return false }
        if header.data == .integer { return true }
        if answer.contains(where: { $0 != 0 && $0.magnitude < format.leastNormalMagnitude }) { return false }
        return exact.rounded(to: type) == AnyTensor(nearest: answer, type: type, shape: exact.expected.shape)
    }
}

/// A case for which no data was found on which all right engines agree.
public struct NoSoundData: Error, CustomStringConvertible {
    public let id: String

    public var description: String {
        "\(id): none of the data that was drawn for it is such that all right engines give the same"
    }
}
