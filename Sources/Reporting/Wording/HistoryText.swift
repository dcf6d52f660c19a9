internal import Conformance

/// What became of a failing check when it was asked again, in words: what was seen, with its counts, and no more.
struct HistoryText {
    let text: String

    init(_ history: History) {
        text = "the smallest " + Self.sentence(history)
    }

    private static func sentence(_ history: History) -> String {
        let (fails, alone, sequel) = (verb(history.status), history.alone, history.sequel)
        let after = sequel.map { "after \(name($0.cases))" } ?? ""
        switch history.conclusion {
        case .alone:
            let also = sequel.map { "; \(after) too (\(times($0.tally.failed, $0.tally)))" } ?? ""
            return "\(fails) alone: as the first case of \(times(alone.failed, alone)) fresh processes\(also)"
        case .firstCall:
            let last = history.calls.map(\.count).min() ?? 0
            return
                "\(fails) as the first call of a process only: of \(times(alone.failed, alone)) fresh processes; asked the "
                + "same again, up to the \(Numbers.ordinal(last)) call, it passed each time"
        case .aloneOnly:
            let tally = sequel?.tally ?? .init()
            return
                "\(fails) as the first case of a process only: of \(times(alone.failed, alone)) fresh processes; \(after) it "
                + "passed (\(times(tally.passed, tally)))"
        case .after:
            let tally = sequel?.tally ?? .init()
            return
                "\(fails) only after \((sequel?.cases.count ?? 0) == 1 ? "another case, such as" : "others, such as") "
                + "\(name(sequel?.cases ?? [])): \(times(tally.failed, tally)) times in fresh processes, and passed alone "
                + "\(times(alone.passed, alone)) times\(shared(sequel?.shared ?? []))\(words(history.echo))"
        case .laterCalls:
            return "passed as the first call of a process, and \(fails) as each later one: of "
                + "\(Numbers.count(history.calls.count)) fresh processes, asked the same \(history.calls[0].count) times in a "
                + "row\(words(history.echo))"
        case .certainCalls(let calls):
            let list = calls.prefix(4).map(Numbers.ordinal).joined(separator: ", ") + (calls.count > 4 ? ", ..." : "")
            return
                "\(fails) by the number of the call: asked the same \(history.calls[0].count) times in a row, each of "
                + "\(Numbers.count(history.calls.count)) fresh processes failed the \(list)"
        case .sometimes(let failed, let all):
            let rate = Numbers.count(Int((Double(all) / Double(failed)).rounded()))
            let place =
                alone.failed > 0 && alone.passed > 0
                ? "alone in fresh processes"
                : history.calls.joined().contains(.failed)
                    ? "asked the same again and again" : "\(after) in fresh processes, and passed alone each time"
            return
                "\(fails) about one time in \(rate): \(Numbers.count(failed)) of \(Numbers.count(all)) times, \(place)"
        case .notAgain:
            let calls = alone.total + history.calls.reduce(0) { $0 + $1.count - 1 }
            let also = sequel.map { ", and \(after) \(Numbers.count($0.tally.total, "time"))" } ?? ""
            return
                "passed in fresh processes, asked \(Numbers.count(calls, "time")) alone\(also): not conclusive. It may be "
                + "chance, the load of the run, or more of what was asked before\(words(history.limit))"
        case .open:
            let also = sequel.map { "; \(after) \(counts($0.tally))" } ?? ""
            return "was asked again, which is not conclusive: alone in fresh processes \(counts(alone))\(also)"
                + words(history.limit)
        case .notTried: return "was not asked again\(words(history.limit))"
        }
    }

    /// `8 of 9`.
    private static func times(_ part: Int, _ tally: History.Tally) -> String {
        "\(Numbers.count(part)) of \(Numbers.count(tally.total))"
    }

    private static func shared(_ names: [String]) -> String {
        names.isEmpty ? "" : "; both have the same \(names.map(SafeText.line).joined(separator: ", "))"
    }

    private static func words(_ echo: History.Echo?) -> String {
        switch echo {
        case nil: ""
        case .answerBefore?: "; it then answers what it answered before, element by element"
        case .sumWithAnswerBefore?: "; it then answers the right numbers plus what it answered before"
        }
    }

    private static func counts(_ tally: History.Tally) -> String {
        if tally.total == 0 { return "not asked" }
        let other = tally.other > 0 ? ", \(Numbers.count(tally.other)) ended otherwise" : ""
        return "\(Numbers.count(tally.failed)) failed, \(Numbers.count(tally.passed)) passed\(other)"
    }

    private static func words(_ limit: History.Limit?) -> String {
        switch limit {
        case nil: ""
        case .inProcess?:
            ": the engine runs inside this process, and only a fresh one would tell (--in-workers, for a registered engine)"
        case .time?: ": there was no time for more"
        case .trouble(let words)?: ": \(SafeText.line(words))"
        }
    }

    private static func verb(_ status: Status) -> String {
        switch status {
        case .crash: "crashes"
        case .timeout: "takes too long"
        case .error: "ends in an error"
        default: "fails"
        }
    }

    private static func name(_ cases: [String]) -> String {
        guard let first = cases.first, let last = cases.last else { return "" }
        if cases.count == 1 { return SafeText.line(first) }
        return "the \(Numbers.count(cases.count)) cases from \(SafeText.line(first)) to \(SafeText.line(last))"
    }
}
