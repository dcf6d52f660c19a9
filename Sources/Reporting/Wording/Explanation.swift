internal import Conformance
internal import Convolution

/// A result that is not as wanted, in words: what the console, JUnit and Markdown show.
struct Explanation {
    /// A labelled part.
    struct Part {
        let label: String
        let lines: [String]
        /// Whether lines may be broken at words: not those of a table, or of a command to be copied.
        var isProse = true
        /// What is drawn in its place, as wide as there is room.
        var map: PlaneMap?
    }

    let parts: [Part]

    init(_ result: CaseResult, run: RunHeader?, command: RepeatCommand) {
        self.init(result, repetition: command.command(for: result, of: run))
    }

    /// - Parameter repetition: how the check is repeated alone.
    init(_ result: CaseResult, repetition: String) {
        let header = result.header
        let comparison = result.verdict.comparison
        var parts = [Part(label: "", lines: SafeText.lines(result.reason))]
        func add(_ label: String, _ lines: [String], isProse: Bool = true) {
            if !lines.isEmpty { parts.append(Part(label: label, lines: lines, isProse: isProse)) }
        }
        if result.status != .missing {
            add("problem", ["\(header.problem)"])
            if !result.isPreferredLayout { add("layout", ["\(result.layouts), not the one that the engine prefers"]) }
            if !header.note.isEmpty { add("note", [SafeText.line(header.note)]) }
            if let source = header.source { add("source", [SafeText.line(source)]) }
        }
        if let projection = comparison?.projection.map(ProjectionText.init) {
            add("judged", [projection.text] + [projection.shortfall].compactMap { $0 })
        }
        if let comparison {
            add("worst", Explanation.worst(of: comparison), isProse: false)
            if let location = comparison.location {
                add("where", LocationPhrase(location, groups: header.problem.groups).phrases)
                if let map = PlaneMap(comparison) {
                    parts.append(Part(label: "map", lines: [], isProse: false, map: map))
                }
            }
        }
        add("repeat", [SafeText.printable(repetition)], isProse: false)
        self.parts = parts
    }

    /// Every line, labels in a column of their own, and prose broken at so many columns.
    func lines(columns: Int = .max) -> [String] {
        let width = (parts.map(\.label.count).max() ?? 0) + 2
        return parts.flatMap { part in
            if let map = part.map {
                return labelled(part.label, map.lines(columns: min(columns, PlaneMap.mostColumns) - width), width)
            }
            // A table that is too wide for its place gets lines of its own.
            if !part.isProse, part.lines.count > 1, part.lines.contains(where: { width + $0.columns > columns }) {
                return [part.label] + part.lines.map { "  \($0)" }
            }
            let margin = part.label.isEmpty ? 0 : width
            let lines = part.lines.flatMap { line in
                part.isProse ? WrappedText.lines(line, columns: columns - margin) : [line]
            }
            return labelled(part.label, lines, margin)
        }
    }

    /// Lines behind a label, all with the same margin.
    private func labelled(_ label: String, _ lines: [String], _ margin: Int) -> [String] {
        lines.enumerated().map { place, line in
            let label = place == 0 ? label : ""
            return label + String(repeating: " ", count: margin - label.count) + line
        }
    }

    /// The worst elements as a table, worst first.
    private static func worst(of comparison: Comparison) -> [String] {
        guard !comparison.worst.isEmpty else { return [] }
        let rows = comparison.worst.map { mismatch in
            [
                mismatch.place, mismatch.want.exactDescription, mismatch.got.exactDescription,
                mismatch.error.roughDescription, mismatch.allowed.roughDescription,
                mismatch.tellingULP.map { Numbers.count($0) } ?? "-",
            ]
        }
        let table = TextTable(
            rows: [[comparison.location?.role.indexHeader ?? "[n, y, x, f]", "want", "got", "error", "allowed", "ULP"]]
                + rows, rightAligned: 1..<6)
        let more = comparison.mismatched - comparison.worst.count
        return table.lines + (more > 0 ? ["... and \(Numbers.count(more)) more"] : [])
    }
}

extension Role {
    /// The axes of a role's tensor, as the head of a column of indices.
    fileprivate var indexHeader: String {
        switch self {
        case .input: "[n, y, x, c]"
        case .filter: "[ky, kx, c, f]"
        case .bias: "[-, -, -, f]"
        case .output: "[n, y, x, f]"
        }
    }
}

extension CaseResult {
    /// Why the status is what it is; the status itself where nothing more is known.
    var reason: String { verdict.reason ?? status.rawValue }

    /// The case's id, with the layouts where they are not the preferred ones.
    var title: String { header.id + layoutSuffix }

    /// ` [NCHW/OIHW]` where that is not the engine's preferred layout.
    var layoutSuffix: String { isPreferredLayout ? "" : " [\(layouts)]" }
}
