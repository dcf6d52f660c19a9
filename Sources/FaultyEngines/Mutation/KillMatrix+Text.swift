extension KillMatrix {
    /// The matrix for a terminal: fault by suite, how many cases kill it; survivors first, then what is thinly caught.
    ///
    /// What no case kills, but cases report as one of two right answers, is marked as reported.
    ///
    /// - Parameter columns: those of the terminal, if any; where the suites do not fit, only their sum is shown.
    public func lines(least: Int = 3, columns: Int? = nil) -> [String] {
        let header = ["", "fault"] + suites.map(\.name) + ["all"]
        let sizes = ["", "(cases)"] + suites.map { "\($0.cases)" } + ["\(trials.count)"]
        let body = ordered(least: least).map { row in
            [row.mark(least: least), row.fault.name] + cells(row, none: ".")
        }
        let table = [header, sizes] + body
        let lines = aligned(table)
        guard let columns, let width = lines.first?.count, width > columns else { return lines }
        return aligned(table.map { Array($0[..<2]) + $0.suffix(1) })
    }

    /// The rows of a table, with the numbers behind the second column ending at the same place.
    private func aligned(_ table: [[String]]) -> [String] {
        let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { row in
            row.indices.map { column in
                let gap = String(repeating: " ", count: widths[column] - row[column].count)
                return column < 2 ? row[column] + gap : gap + row[column]
            }.joined(separator: "  ")
        }
    }

    /// The matrix as a table of GitHub's Markdown, class by class.
    public func markdown() -> String {
        let columns = ["fault", "what goes wrong"] + suites.map(\.name) + ["all"]
        let rule = ["---", "---"] + Array(repeating: "---:", count: suites.count + 1)
        var blocks: [String] = []
        for faultClass in FaultClass.allCases {
            let members = rows.filter { $0.fault.faultClass == faultClass }
            if members.isEmpty { continue }
            let body = members.map { row in
                let source = row.fault.source.map { " (\($0))" } ?? ""
                return ["`\(row.fault.name)`", row.fault.summary.withoutMarkup + source] + cells(row, none: "")
            }
            let table = ([columns, rule] + body).map { "| " + $0.joined(separator: " | ") + " |" }
            blocks.append("## \(faultClass.title)\n\n" + table.joined(separator: "\n"))
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// Survivors first, then what is thinly caught, then the rest; each in the order of the bank.
    private func ordered(least: Int) -> [Row] {
        survivors + thinlyCaught(least: least) + rows.filter { $0.noticed >= max(least, 1) }
    }

    private func cells(_ row: Row, none: String) -> [String] {
        suites.map { suite in row.kills[suite.name].map(String.init) ?? none } + ["\(row.total)"]
    }
}

extension KillMatrix.Row {
    fileprivate func mark(least: Int) -> String {
        noticed == 0 ? "SURVIVES" : noticed < least ? "thin" : total == 0 ? "reported" : ""
    }
}

extension FaultClass {
    /// The class in words.
    public var title: String {
        switch self {
        case .semantics: "Semantics"
        case .padding: "Padding"
        case .dilation: "Dilation"
        case .groups: "Groups"
        case .tailsAndTiles: "Tails and tiles"
        case .sizes: "From a size on"
        case .algorithmChoice: "Choice of algorithm"
        case .layoutAndOffsets: "Layout and offsets"
        case .numerics: "Numerics"
        case .nonFinite: "Not finite"
        case .memory: "Memory"
        case .gradients: "Gradients"
        case .elementTypes: "Element types"
        case .quantization: "Quantization"
        case .validation: "Validation"
        }
    }
}

extension String {
    /// With what Markdown would take for markup escaped.
    fileprivate var withoutMarkup: String {
        reduce(into: "") { text, character in
            text += "*_[]|<>".contains(character) ? "\\\(character)" : String(character)
        }
    }
}
