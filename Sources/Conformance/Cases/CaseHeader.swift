public import Convolution

/// What is known of a golden case without its tensors.
public struct CaseHeader: Hashable, Sendable {
    /// The kind of numbers in a case, which decides how its output is judged.
    public enum DataFamily: String, Hashable, Sendable, CaseIterable {
        /// Integers so small that every partial sum is exact in float32.
        case integer
        /// Real numbers with full mantissas.
        case real
        /// NaN, infinities, signed zeros, subnormals, numbers near overflow.
        case special
    }

    /// What a right engine does with a case.
    public enum Expectation: String, Hashable, Sendable, CaseIterable {
        /// It answers with an output.
        case output
        /// It refuses the problem as invalid.
        case rejection
        /// The kernel is larger than the padded input, and nothing else is wrong: it refuses, or it answers with the
        /// tensor without elements that `Problem.emptyOutputShape` describes.
        case rejectionOrEmpty = "rejection-or-empty"
    }

    public var suite: String
    /// The name within the suite.
    public var name: String
    public var problem: Problem
    public var data: DataFamily
    public var expectation: Expectation
    /// The seed that the inputs were drawn from.
    public var seed: UInt64
    public var tags: [String]
    /// Whether the tensors are not stored, but follow from the seed.
    public var isDerived: Bool
    /// One sentence: what this case catches.
    public var note: String
    /// The publication or the report of a fault that the case comes from.
    public var source: String?

    public init(
        suite: String, name: String, problem: Problem, data: DataFamily, expectation: Expectation = .output,
        seed: UInt64 = 0, isDerived: Bool = false, tags: [String] = [], note: String = "", source: String? = nil
    ) {
        self.suite = suite
        self.name = name
        self.problem = problem
        self.data = data
        self.expectation = expectation
        self.seed = seed
        self.isDerived = isDerived
        self.tags = tags
        self.note = note
        self.source = source
    }

    /// `<suite>/<name>`, which never changes.
    public var id: String { "\(suite)/\(name)" }
}
