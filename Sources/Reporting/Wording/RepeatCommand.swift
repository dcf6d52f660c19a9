public import Conformance

/// The command line that runs one check again, and nothing else.
public struct RepeatCommand: Hashable, Sendable {
    /// The name of the program.
    public var executable: String
    /// Arguments that run every layout of an engine, which a check in another than the preferred one needs.
    public var layoutArguments: [String]

    /// Whether cases are problems that were drawn at random, and named after seed and number.
    public var isOfFuzzing = false

    public init(executable: String = "convcheck", layoutArguments: [String] = ["--layouts", "all"]) {
        self.executable = executable
        self.layoutArguments = layoutArguments
    }

    /// The command for a result, quoted for a shell.
    public func command(for result: CaseResult, of header: RunHeader?) -> String {
        let engine = header?.engines.first { $0.name == result.engine }?.specification ?? result.engine
        let arguments = header?.repeatArguments ?? []
        let draw = result.header.name.split(separator: "-").map(String.init)
        if isOfFuzzing, draw.count == 2 {
            let words = [executable, "fuzz", "--engine", engine, "--seed", draw[0], "--first", draw[1], "--count", "1"]
            return (words + arguments).map(RepeatCommand.quoted).joined(separator: " ")
        }
        var words = [executable, "run", "--engine", engine, "--case", result.header.id]
        if !result.isPreferredLayout, !arguments.contains(layoutArguments.first ?? "") {
            words += layoutArguments
        }
        return (words + arguments).map(RepeatCommand.quoted).joined(separator: " ")
    }

    /// A word as a POSIX shell reads it back.
    static func quoted(_ word: String) -> String {
        let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_./:=,+@%".contains($0) }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
