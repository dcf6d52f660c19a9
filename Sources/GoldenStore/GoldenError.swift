/// Golden data that cannot be trusted: damaged, incomplete, or of a format that this version does not know.
public struct GoldenError: Error, Hashable, Sendable {
    /// One thing that is wrong, and where.
    public struct Fault: Hashable, Sendable {
        /// The path of the file or directory.
        public let file: String
        /// The id of the case, or nil where the file as a whole is concerned.
        public let caseID: String?
        /// What is wrong and what was expected: one sentence without its full stop.
        public let message: String

        public init(file: String, caseID: String? = nil, message: String) {
            self.file = file
            self.caseID = caseID
            self.message = message
        }
    }

    /// Everything that was found, in the order of files and cases; never empty.
    public let faults: [Fault]

    /// - Precondition: there is at least one fault.
    public init(_ faults: [Fault]) {
        precondition(!faults.isEmpty, "an error without a fault")
        self.faults = faults
    }

    init(file: String, caseID: String? = nil, _ message: String) {
        self.init([Fault(file: file, caseID: caseID, message: message)])
    }
}

extension GoldenError.Fault: CustomStringConvertible {
    public var description: String {
        "\(file): " + (caseID.map { "case \($0): " } ?? "") + message
    }
}

extension GoldenError: CustomStringConvertible {
    /// One fault a line; past the tenth only their number.
    public var description: String {
        let shown = 10
        let lines = faults.prefix(shown).map(\.description)
        let rest = faults.count > shown ? ["and \(faults.count - shown) more"] : []
        return (lines + rest).joined(separator: "\n")
    }
}
