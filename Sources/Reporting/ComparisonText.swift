internal import Conformance
public import RunRecord

/// What two runs have and have not in common, for a person to read.
public struct ComparisonText {
    /// How many results of a kind are listed where not all are.
    private static let listed = 20

    public let lines: [String]

    /// - Parameters:
    ///   - isVerbose: whether every difference is listed, not only what broke.
    ///   - columns: where lines are broken.
    public init(_ comparison: RunComparison, isVerbose: Bool, columns: Int) {
        var lines: [String] = []
        for change in RunComparison.Change.allCases where isVerbose || change == .broken {
            let differences = comparison.differences.filter { $0.change == change }
            let shown = isVerbose ? differences[...] : differences.prefix(ComparisonText.listed)
            lines += shown.flatMap {
                WrappedText.lines(ComparisonText.line($0), columns: columns, indent: 2)
            }
            let more = differences.count - shown.count
            if more > 0 { lines.append("... and \(Numbers.count(more)) more") }
        }
        if !lines.isEmpty { lines.append("") }
        if !comparison.changedSuites.isEmpty {
            let suites = comparison.changedSuites.map { SafeText.line($0) }.joined(separator: ", ")
            lines += WrappedText.lines(
                "the golden data of both are not the same: \(suites)", columns: columns, indent: 2)
        }
        if Set(comparison.tolerances).count > 1 {
            lines.append(
                "the runs were judged by other tolerances: \(comparison.tolerances.map(\.description).joined(separator: ", "))"
            )
        }
        lines += WrappedText.lines(ComparisonText.sentence(comparison), columns: columns, indent: 2)
        self.lines = lines
    }

    private static func line(_ difference: RunComparison.Difference) -> String {
        guard let result = difference.new ?? difference.old else { return "" }
        let title = "\(SafeText.line(result.engine)) \(SafeText.line(result.title))"
        let states = [difference.old, difference.new].compactMap { $0?.state }
        let isBoth = states.count == 2 && states[0] != states[1]
        return "\(difference.change.rawValue) \(title): " + (isBoth ? "\(states[0]) -> \(states[1])" : states[0])
    }

    private static func sentence(_ comparison: RunComparison) -> String {
        let failing = comparison.differences.count { $0.change == .new && $0.new?.status.isFailure == true }
        let parts = RunComparison.Change.allCases.compactMap { change in
            let count = comparison.count(change)
            if count == 0 { return nil as String? }
            let detail = change == .new && failing > 0 ? " (\(Numbers.count(failing)) of them failing)" : ""
            return "\(Numbers.count(count)) \(change.rawValue)\(detail)"
        }
        let same = "\(Numbers.count(comparison.unchanged)) as before"
        if comparison.count(.broken) > 0 { return "BROKEN: " + (parts + [same]).joined(separator: ", ") }
        return "nothing broke: " + (parts + [same]).joined(separator: ", ")
    }
}

extension CaseResult {
    /// The status, with what explains it where it is no pass.
    fileprivate var state: String {
        let words = (verdict.reason ?? verdict.remark).map { SafeText.line($0) } ?? ""
        return words.isEmpty ? status.rawValue : "\(status.rawValue) (\(words))"
    }
}
