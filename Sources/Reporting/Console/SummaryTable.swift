internal import Conformance

/// What became of every engine on every suite: engines by suites, suites by engines, or engine by engine, whichever is the
/// first that fits the terminal.
struct SummaryTable {
    let lines: [String]

    init(_ summary: RunSummary, header: RunHeader, columns: Int, paint: Paint) {
        // Of a single suite, the total is the suite's.
        let hasTotal = header.suites.count > 1
        let suites = header.suites.map { SafeText.line($0.name) } + (hasTotal ? ["total"] : [])
        let engines = header.engines.map { SafeText.line("\($0.name) \($0.version)") }
        let counts = header.engines.map { engine in
            let cells = header.suites.map {
                summary.cells[.init(engine: engine.name, suite: $0.name)] ?? StatusCounts()
            }
            return cells + (hasTotal ? [StatusCounts(sum: cells)] : [])
        }
        let across = SummaryTable.table(["engine"] + suites, engines, counts, paint)
        let down = SummaryTable.table(
            ["suite"] + engines, suites, suites.indices.map { suite in counts.map { $0[suite] } }, paint)
        let blocks = engines.indices.flatMap { engine in
            [engines[engine]]
                + SummaryTable.table([], suites, counts[engine].map { [$0] }, paint).map { "  \($0)" } + [""]
        }
        lines =
            [across, down].first { $0.allSatisfy { $0.columns <= columns } } ?? Array(blocks.dropLast())
    }

    private static func table(_ heads: [String], _ names: [String], _ counts: [[StatusCounts]], _ paint: Paint)
        -> [String]
    {
        let columns = (counts.first ?? []).indices.map { column in
            aligned(counts.map { RunSentence.tally($0[column]) })
        }
        let rows = names.indices.map { row in [names[row]] + columns.map { $0[row] } }
        let head = heads.isEmpty ? [] : [heads]
        return TextTable(rows: head + rows) { row, column, text in
            if row < head.count { return paint(text, .dim) }
            if column == 0 { return text }
            let count = counts[row - head.count][column - 1]
            if count.failures > 0 { return paint(text, .red) }
            return count[.unsupported] + count[.xfail] > 0 ? paint(text, .yellow) : paint(text, .green)
        }.lines
    }

    /// The tallies of one column, so that the numbers with which they begin end at the same place.
    private static func aligned(_ tallies: [String]) -> [String] {
        let digits = tallies.map { $0.prefix { $0 != " " }.count }
        let width = digits.max() ?? 0
        return zip(tallies, digits).map { String(repeating: " ", count: width - $1) + $0 }
    }
}
