public import Convolution

/// Where golden cases come from.
public protocol CaseSource: Sendable {
    /// A digest of all the data, for reports; empty where there is none.
    var digest: String { get }
    /// A digest of a suite's data; `nil` where there is none.
    func digest(ofSuite suite: String) -> String?
    /// Every case, in the order in which results are reported.
    var cases: [CaseHeader] { get }

    /// How much of its exact answer a case comes with.
    func exactExtent(of header: CaseHeader) -> ExactExtent

    /// A case with its tensors; may be called from several threads at once.
    ///
    /// - Throws: an error whose description names file, case and what is wrong with them.
    func load(_ header: CaseHeader) throws -> GoldenCase
}

extension CaseSource {
    public func digest(ofSuite suite: String) -> String? { nil }
    public func exactExtent(of header: CaseHeader) -> ExactExtent { .whole }
}

/// A case that its source does not have.
public struct UnknownCase: Error, CustomStringConvertible {
    public let id: String

    public init(id: String) {
        self.id = id
    }

    public var description: String { "there is no case '\(id)'" }
}
