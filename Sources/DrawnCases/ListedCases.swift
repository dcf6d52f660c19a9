public import Conformance
internal import Convolution
internal import GoldenStore
public import ProblemLists

/// The problems of lists as cases: a suite to a list, and of each problem one case of whole numbers and, in floating types,
/// one of reals. Their data is drawn, and their answers computed, as they are loaded.
public struct ListedCases: CaseSource {
    private let seed: UInt64
    private let policy: TruthPolicy
    private let quantizations: [String: Quantization]
    private let digests: [String: String]
    public let cases: [CaseHeader]
    /// How many problems of the lists are not ours, by the reason.
    public let leftOut: [String: Int]

    /// - Parameters:
    ///   - lists: with the name that a list's suite gets.
    ///   - seed: what all data follows from.
    ///   - policy: which answers are computed whole.
    public init(_ lists: [(name: String, list: ProblemList)], seed: UInt64, policy: TruthPolicy = .bySize) {
        (self.seed, self.policy) = (seed, policy)
        var cases: [CaseHeader] = []
        var digests: [String: String] = [:]
        var quantizations: [String: Quantization] = [:]
        for (suite, list) in lists {
            var hash = SHA256()
            var names: Set<String> = []
            for entry in list.entries {
                let problem = entry.problem
                hash.update("\(entry.name) \(problem)\n")
                let isFloating = problem.types.output.format != nil
                for family in [CaseHeader.DataFamily.integer] + (isFloating ? [.real] : []) {
                    let parts =
                        [entry.name] + (problem.operation == .forward ? [] : [problem.operation.rawValue])
                        + (problem.types == .float32 ? [] : [problem.types.words])
                        + [family == .integer ? "int" : "real"]
                    var name = parts.joined(separator: "-")
                    var number = 1
                    while !names.insert(name).inserted {
                        number += 1
                        name = (parts + ["\(number)"]).joined(separator: "-")
                    }
                    var header = CaseHeader(
                        suite: suite, name: name, problem: problem, data: family, isDerived: true,
                        tags: [problem.operation.rawValue, "problems"] + (entry.listed == nil ? [] : ["reduced"]),
                        note: "Stands at \(entry.place)."
                            + (entry.listed.map { " Made smaller: there it has the input \($0.input)." } ?? ""))
                    header.seed = FreshCases.seed(seed, header.id, attempt: 0)
                    quantizations[header.id] = problem.plainQuantization
                    cases.append(header)
                }
            }
            digests[suite] = hash.finalize()
        }
        (self.cases, self.digests, self.quantizations) = (cases, digests, quantizations)
        leftOut = lists.reduce(into: [:]) { $0.merge($1.list.skipped, uniquingKeysWith: +) }
    }

    public var digest: String {
        var hash = SHA256()
        for (suite, digest) in digests.sorted(by: { $0.key < $1.key }) { hash.update("\(digest)  \(suite)\n") }
        return hash.finalize()
    }

    public func digest(ofSuite suite: String) -> String? { digests[suite] }

    public func exactExtent(of header: CaseHeader) -> ExactExtent { policy.exactExtent(of: header.problem) }

    public func load(_ header: CaseHeader) throws -> GoldenCase { try load(header, seed: seed) }

    /// A case with the data of another seed.
    public func load(_ header: CaseHeader, seed: UInt64) throws -> GoldenCase {
        guard cases.isEmpty || digests[header.suite] != nil else { throw UnknownCase(id: header.id) }
        var golden = try CaseMaker(header, quantization: quantizations[header.id], policy: policy)
            .golden(header) { FreshCases.seed(seed, header.id, attempt: $0) }
        golden.header.seed = header.seed
        return golden
    }
}

extension ElementTypes {
    /// `float16`, `uint8-int8-to-int32`.
    fileprivate var words: String {
        input == output && filter == output
            ? output.rawValue : "\(input.rawValue)-\(filter.rawValue)-to-\(output.rawValue)"
    }
}

extension Problem {
    /// Zero points, and scales by which few answers are saturated and none is near a tie, where the types want them.
    fileprivate var plainQuantization: Quantization? {
        func middle(_ type: ElementType) -> Int { type == .uint8 ? 128 : 0 }
        switch types.kind {
        case .integer?: return Quantization(input: .init(), filter: .init())
        case .quantized?:
            // Sums of K products of numbers that lie up to 18 and 14 steps from their zero points have a standard deviation of
            // 89 sqrt(K); an odd divisor keeps them from ties, one below 128 by as much as is wanted.
            let spread = Double(filter[0] * filter[1] * filter[2]).squareRoot()
            let divisor = min(2 * Int(1.1 * spread) + 1, 125)
            return Quantization(
                input: .init(zeroPoints: [middle(types.input)], scales: [1]),
                filter: .init(zeroPoints: [middle(types.filter)], scales: [1 / Float(63 * divisor)]),
                output: .init(zeroPoints: [middle(types.output)], scales: [1]))
        default: return nil
        }
    }
}
