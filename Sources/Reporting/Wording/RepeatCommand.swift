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

    /// The command that repeats a failure which depends on what was asked before: the cases before, then the failing one; or
    /// the failing one so often. `nil` where the failure's own command does.
    func command(forHistoryOf finding: Finding, of header: RunHeader?) -> String? {
        guard let history = finding.history, !isOfFuzzing else { return nil }
        let engine = header?.engines.first { $0.name == finding.engine }
        var words = [executable, "run", "--engine", engine?.specification ?? finding.engine]
        switch (history.conclusion, history.sequel) {
        case (.after, let sequel?):
            for id in sequel.cases + [finding.smallest] { words += ["--case", id] }
            words.append("--in-order")
        case (.laterCalls, _), (.certainCalls, _):
            words += ["--case", finding.smallest, "--repeat", "\(history.calls.first?.count ?? 2)"]
        default: return nil
        }
        let layouts = engine?.capabilities.layouts ?? []
        if layouts.count > 1 {
            words += layouts.first == history.layouts ? ["--layouts", "preferred"] : layoutArguments
        }
        return (words + (header?.repeatArguments ?? [])).map(RepeatCommand.quoted).joined(separator: " ")
    }

    /// A word as a POSIX shell reads it back.
    static func quoted(_ word: String) -> String {
        let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_./:=,+@%".contains($0) }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
