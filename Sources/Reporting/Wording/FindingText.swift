package import Conformance

/// A finding in words: how many cases, which mistake, where, and the case to begin with.
package struct FindingText {
    /// What was found, in one line.
    let title: String
    /// What is to be said of it, a label and a sentence each.
    package let parts: [(label: String, text: String)]

    private static let repeatLabel = "repeat"
    /// Equally good names beyond these are only counted.
    private static let mostNames = 3

    /// - Parameters:
    ///   - command: repeats what its history tells of.
    ///   - header: of the run.
    package init(_ finding: Finding, command: RepeatCommand? = nil, of header: RunHeader? = nil) {
        let isAll = finding.cases.count == finding.allFailing
        let cases =
            isAll
            ? finding.allFailing == 1
                ? "the only failing case" : "all \(Numbers.count(finding.allFailing, "failing case"))"
            : "\(Numbers.count(finding.cases.count)) of \(Numbers.count(finding.allFailing, "failing case"))"
        let names = finding.candidates.prefix(Self.mostNames).map { SafeText.line($0.name) }.joined(separator: " or ")
        let more = finding.candidates.count - Self.mostNames
        let others =
            more > 0 ? " (or one of \(Numbers.count(more, "more"))" + ", which these cases do not tell apart)" : ""
        title =
            finding.candidates.isEmpty
            ? Self.title(ofUnnamed: finding, cases) : "\(names)\(others): exactly what \(cases) answered"
        var parts: [(label: String, text: String)] = []
        for candidate in finding.candidates.prefix(Self.mostNames) {
            let source = candidate.source.map { " (\($0))" } ?? ""
            let name = finding.candidates.count > 1 ? "\(candidate.name): " : ""
            parts.append(("mistake", SafeText.line("\(name)\(candidate.summary)\(source)")))
        }
        if let rule = finding.rule { parts.append(("where", Self.text(of: rule))) }
        if let answers = finding.answers { parts += WrongAnswersText(answers).parts }
        if finding.spared > 0 {
            let spared = Numbers.count(finding.spared, "passing case")
            parts.append(("but", "\(spared) would have failed with this mistake: the engine makes it only sometimes"))
        }
        parts.append(("smallest", SafeText.line(finding.smallest)))
        if let history = finding.history { parts.append(("history", HistoryText(history).text)) }
        if let command = command?.command(forHistoryOf: finding, of: header) {
            parts.append((Self.repeatLabel, SafeText.printable(command)))
        }
        self.parts = parts
    }

    private static func title(ofUnnamed finding: Finding, _ cases: String) -> String {
        let isOne = finding.cases.count == 1
        switch finding.history?.status {
        case .error?: return "\(cases) \(isOne ? "ends" : "end") in an error"
        case .crash?: return "\(cases) \(isOne ? "crashes" : "crash")"
        case .timeout?: return "\(cases) \(isOne ? "takes" : "take") too long"
        default: return "no known mistake gives what \(cases) answered"
        }
    }

    /// Every line, labels in a column of their own.
    func lines(columns: Int) -> [String] {
        let width = (parts.map(\.label.count).max() ?? 0) + 2
        return WrappedText.lines(title, columns: columns, indent: 2)
            + parts.flatMap { label, text in
                // A command is there to be copied.
                (label == Self.repeatLabel ? [text] : WrappedText.lines(text, columns: columns - width - 2))
                    .enumerated().map { place, line in
                        let label = place == 0 ? label : ""
                        return "  " + label + String(repeating: " ", count: width - label.count) + line
                    }
            }
    }

    /// `all 35 cases with groups at least 2 and kernel width odd fail, and none of the other 2,389 does`.
    static func text(of rule: Rule) -> String {
        let conditions = rule.conditions.map(text).joined(separator: " and ")
        let held = rule.failing + rule.passing
        let first =
            rule.passing == 0
            ? "all \(Numbers.count(held, "case")) whose problem \(conditions) fail"
            : "\(Numbers.count(rule.failing)) of \(Numbers.count(held, "case")) whose problem \(conditions) fail"
        let outside = rule.allFailing - rule.failing
        let others = rule.allPassing - rule.passing
        let second =
            outside == 0
            ? "none of the other \(Numbers.count(others)) does"
            : "\(Numbers.count(outside)) of the other \(Numbers.count(others + outside)) as well"
        return "\(first), \(second)"
    }

    /// `is padded` as `is not padded`, `has a bias` as `has no bias`.
    private static func negated(_ fact: String) -> String {
        for (begin, negation) in [("has a ", "has no "), ("has ", "has no "), ("is ", "is not ")] {
            if fact.hasPrefix(begin) { return negation + fact.dropFirst(begin.count) }
        }
        return "not \(fact)"
    }

    private static func text(_ condition: Condition) -> String {
        switch condition.relation {
        case .holds: condition.quantity
        case .holdsNot: negated(condition.quantity)
        default: "has \(quantity(condition))"
        }
    }

    /// A condition on a number: `odd kernel width`, `channels 65 or more`.
    static func quantity(_ condition: Condition) -> String {
        let quantity = condition.quantity
        switch condition.relation {
        case .holds, .holdsNot: return quantity
        case .equals(let number): return "\(quantity) \(number)"
        case .atLeast(let number): return "\(quantity) \(number) or more"
        case .atMost(let number): return "\(quantity) \(number) or less"
        case .isMultiple(of: 2): return "even \(quantity)"
        case .isNoMultiple(of: 2): return "odd \(quantity)"
        case .isMultiple(let number): return "\(quantity) a multiple of \(number)"
        case .isNoMultiple(let number): return "\(quantity) no multiple of \(number)"
        case .leaves(let remainder, let divisor):
            return "\(quantity) that leaves \(remainder) when divided by \(divisor)"
        }
    }
}
