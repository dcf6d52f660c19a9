/// Rows of text in aligned columns.
struct TextTable {
    let lines: [String]

    /// - Parameters:
    ///   - rows: cells; a row may be shorter than others.
    ///   - rightAligned: columns whose text ends at the same place.
    ///   - style: paints a cell of a row and a column after it was measured.
    init(rows: [[String]], rightAligned: Range<Int> = 0..<0, style: (Int, Int, String) -> String = { $2 }) {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.compactMap { $0.indices.contains(column) ? $0[column].count : nil }.max() ?? 0
        }
        lines = rows.enumerated().map { place, row in
            row.indices.map { column in
                let gap = String(repeating: " ", count: widths[column] - row[column].count)
                let text = style(place, column, row[column])
                if rightAligned.contains(column) { return gap + text }
                return column == row.count - 1 ? text : text + gap
            }.joined(separator: "  ").withoutTrailingSpaces
        }
    }
}

extension String {
    fileprivate var withoutTrailingSpaces: String {
        String(dropLast(reversed().prefix { $0 == " " }.count))
    }
}
