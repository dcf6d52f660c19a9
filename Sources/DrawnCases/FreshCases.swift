public import Conformance
internal import Convolution
internal import GoldenStore

/// The cases of another source, with data that nobody has seen before.
///
/// Every case whose data is drawn is drawn anew, by its own rule, and its answer is computed as it is loaded; special values,
/// invalid problems and given numbers stay as they are. The seed of a case is the first 8 bytes, big endian, of the SHA-256 of
/// `SEED/ID`; where the data cannot be used, of `SEED/ID#1` (`#2`, ...).
public struct FreshCases: CaseSource {
    /// What all data follows from.
    public let seed: UInt64
    private let base: any CaseSource
    private let policy: TruthPolicy
    private let stored: [String: CaseHeader]
    public let cases: [CaseHeader]

    /// - Parameter policy: which answers are computed whole, of cases whose tensors are not stored.
    public init(_ base: any CaseSource, seed: UInt64, policy: TruthPolicy = .bySize) {
        self.base = base
        self.policy = policy
        self.seed = seed
        let headers = base.cases
        stored = Dictionary(headers.map { ($0.id, $0) }) { first, _ in first }
        cases = headers.map { header in
            var header = header
            if Self.isDrawn(header) { header.seed = Self.seed(seed, header.id, attempt: 0) }
            return header
        }
    }

    public var digest: String { base.digest }
    public func digest(ofSuite suite: String) -> String? { base.digest(ofSuite: suite) }

    /// Whether a case has new data: what is given, or is about special values, invalid problems or ties, has not.
    public static func isDrawn(_ header: CaseHeader) -> Bool {
        header.expectation == .output && header.data != .special && header.seed != 0 && !header.tags.contains("ties")
    }

    /// Chosen cases of the other source, with their new seeds.
    public func renewed(_ chosen: [CaseHeader]) -> [CaseHeader] {
        let ids = Set(chosen.map(\.id))
        return cases.filter { ids.contains($0.id) }
    }

    /// How many of some cases have new data.
    public func extent(of chosen: [CaseHeader]) -> RunSummary.FreshData {
        let drawn = chosen.count { stored[$0.id].map(Self.isDrawn) ?? false }
        return .init(seed: seed, drawn: drawn, stored: chosen.count - drawn)
    }

    public func exactExtent(of header: CaseHeader) -> ExactExtent {
        guard let stored = stored[header.id], stored.isDerived, Self.isDrawn(stored) else { return .whole }
        return policy.exactExtent(of: stored.problem)
    }

    public func load(_ header: CaseHeader) throws -> GoldenCase {
        guard let stored = stored[header.id] else { throw UnknownCase(id: header.id) }
        guard Self.isDrawn(stored) else { return try base.load(stored) }
        let maker: CaseMaker
        if stored.isDerived {
            // Its tensors follow from the family alone.
            maker = CaseMaker(stored, policy: policy)
        } else {
            let golden = try base.load(stored)
            guard let output = golden.output, output.alternatives == nil else { return golden }
            let problem = stored.problem
            let rule = try DrawRule.candidates(stored, golden.operands.quantization)
                .first { try $0.operands(problem, seed: stored.seed) == golden.operands }
            maker = CaseMaker(
                rule ?? .shuffled(golden.operands),
                allowed: Degeneracies(problem, golden.operands, answer: output.expected))
        }
        var golden = try maker.golden(stored) { Self.seed(seed, header.id, attempt: $0) }
        golden.header.seed = Self.seed(seed, header.id, attempt: 0)
        return golden
    }

    /// A case of another source with the data of this seed, for whoever wants one of them and not all.
    ///
    /// - Parameter header: as the other source has it.
    public static func load(
        _ header: CaseHeader, from base: any CaseSource, seed: UInt64, policy: TruthPolicy = .bySize
    ) throws -> GoldenCase {
        try FreshCases(One(base: base, header: header), seed: seed, policy: policy).load(header)
    }

    /// One case of a source.
    private struct One: CaseSource {
        let base: any CaseSource
        let header: CaseHeader
        var digest: String { base.digest }
        var cases: [CaseHeader] { [header] }

        func load(_ header: CaseHeader) throws -> GoldenCase { try base.load(header) }
    }

    static func seed(_ seed: UInt64, _ id: String, attempt: Int) -> UInt64 {
        var hash = SHA256()
        hash.update("\(seed)/\(id)" + (attempt == 0 ? "" : "#\(attempt)"))
        return UInt64(hash.finalize().prefix(16), radix: 16) ?? 0
    }
}
