internal import Conformance

/// Engines by suites, passed of all.
struct SummaryTable {
    let lines: [String]

    init(_ summary: RunSummary, header: RunHeader, paint: Paint) {
        let suites = header.suites.map(\.name)
        var rows = [["engine"] + suites.map(SafeText.line) + ["total"]]
        var counts: [[StatusCounts]] = []
        for engine in header.engines {
            let cells = suites.map { summary.cells[.init(engine: engine.name, suite: $0)] ?? StatusCounts() }
            let all = cells + [StatusCounts(sum: cells)]
            counts.append(all)
            let name = SafeText.line("\(engine.name) \(engine.version)")
            rows.append([name] + all.map(SummaryTable.cell) + [SummaryTable.remark(all[suites.count])])
        }
        lines =
            TextTable(rows: rows, rightAligned: 1..<(suites.count + 2)) { row, column, text in
                if row == 0 { return paint(text, .dim) }
                if column == 0 { return text }
                let count = counts[row - 1][min(column - 1, suites.count)]
                if count.failures > 0 { return paint(text, .red) }
                return count[.unsupported] > 0 ? paint(text, .yellow) : paint(text, .green)
            }.lines
    }

    private static func cell(_ counts: StatusCounts) -> String {
        (counts.failures > 0 ? "✗ " : "") + "\(counts[.pass])/\(counts.total)"
    }

    private static func remark(_ counts: StatusCounts) -> String {
        var parts: [String] = []
        if counts.failures > 0 { parts.append(RunSentence.failures(counts)) }
        if counts[.unsupported] > 0 { parts.append("\(Numbers.count(counts[.unsupported])) unsupported") }
        return parts.joined(separator: ", ")
    }
}
