internal import Conformance

/// What each engine did where IEEE 754, or the suite, leaves more than one answer.
struct ChoiceTally {
    /// Engine and choice, then what was done, with how many checks.
    private var counts: [String: [String: [String: Int]]] = [:]

    /// Counts the remark of a passing check: `subnormal-flush: subnormal numbers are kept; ...`.
    mutating func count(_ remark: String, of engine: String) {
        for part in SafeText.line(remark).split(separator: "; ") {
            let words = part.split(separator: ": ", maxSplits: 1).map { String($0) }
            guard words.count == 2 else { continue }
            // `a in 3, b in 5 of 8 elements`: the numbers belong to the case.
            let isMixed = words[1].hasSuffix(" elements") && words[1].contains(", ")
            let answer = isMixed ? "both, within one case" : words[1]
            counts[engine, default: [:]][words[0], default: [:]][answer, default: 0] += 1
        }
    }

    /// A row for each choice: what each engine did, most often first.
    func rows(engines: [String]) -> [(choice: String, answers: [[(String, Int)]])] {
        let choices = Set(counts.values.flatMap(\.keys)).sorted()
        return choices.map { choice in
            (
                choice,
                engines.map { engine in
                    (counts[engine]?[choice] ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                        .map { ($0.key, $0.value) }
                }
            )
        }
    }
}
