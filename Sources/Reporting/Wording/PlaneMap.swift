internal import Conformance
internal import Convolution

/// A plane of an answer in characters, a wrong element where a `#` is: the plane of the worst element.
///
///     filter 2 of batch 0, 6 of 36 elements wrong (#)
///         0     5
///      0  ........#
///      1  .......##
///
/// A plane that is too large for its place is drawn in blocks, each of the same number of elements: `#` where all of a
/// block are wrong, `+` where some are. `?` stands for elements of which is not known whether they are wrong.
struct PlaneMap {
    /// The widest map, with its labels.
    static let mostColumns = 80
    /// The tallest map.
    private static let mostRows = 24
    /// The largest plane that is looked at.
    private static let mostElements = 1 << 18

    private enum State {
        case right, wrong, unknown
    }

    private let name: String
    private let (rows, columns): (Int, Int)
    /// Row by row.
    private let states: [State]

    /// `nil` where a map would say nothing: no element is wrong, or every one of the plane; and where that is too large.
    init?(_ comparison: Comparison) {
        guard let location = comparison.location, let mask = comparison.mask, let first = mask.runs.first
        else { return nil }
        let (shape, role) = (location.shape, location.role)
        let (down, across) = PlaneMap.axes(of: role)
        (rows, columns) = (shape[down], shape[across])
        guard rows * columns <= PlaneMap.mostElements else { return nil }
        let strides = AxisOrder.logical.strides(of: shape)
        func place(_ index: Shape) -> Int { (0..<4).reduce(0) { $0 + index[$1] * strides[$1] } }
        var corner: Shape = [0, 0, 0, 0]
        for axis in 0..<4 { corner[axis] = first.lowerBound / strides[axis] % shape[axis] }
        if let worst = comparison.worst.first, place(worst.index) < mask.covered { corner = worst.index }
        corner[down] = 0
        corner[across] = 0
        let start = place(corner)
        var states: [State] = []
        // Rows and columns are walked in the order of memory, and so are the runs.
        var runs = mask.runs[...]
        for row in 0..<rows {
            for column in 0..<columns {
                let offset = start + row * strides[down] + column * strides[across]
                while let run = runs.first, run.upperBound <= offset { runs.removeFirst() }
                let isWrong = runs.first.map { $0.lowerBound <= offset } ?? false
                states.append(offset >= mask.covered ? .unknown : isWrong ? .wrong : .right)
            }
        }
        guard states.contains(where: { $0 != .wrong }) else { return nil }
        self.states = states
        let others = (0..<4).reversed().filter { $0 != down && $0 != across && shape[$0] > 1 }
        let parts = others.map { "\(role.axes[$0]) \(corner[$0])" }
        let wrong = states.count { $0 == .wrong }
        let count = "\(Numbers.count(wrong)) of \(Numbers.count(states.count, "element")) wrong (#)"
        name = (parts.isEmpty ? "" : parts.joined(separator: " of ") + ", ") + count
    }

    private static func axes(of role: Role) -> (down: Int, across: Int) {
        switch role {
        case .input, .output: (1, 2)
        case .filter: (0, 1)
        case .bias: (0, 3)
        }
    }

    /// The map with its title, row numbers and column numbers, so many columns wide at most.
    func lines(columns limit: Int) -> [String] {
        let margin = String(rows - 1).count + 2
        let width = max(8, min(limit, PlaneMap.mostColumns) - margin)
        let (tall, wide) = ((rows + Self.mostRows - 1) / Self.mostRows, (columns + width - 1) / width)
        let title = tall * wide == 1 ? name : "\(name), \(tall) x \(wide) elements a character (+: some are)"
        let drawn = stride(from: 0, to: rows, by: tall).map { row in
            let label = String(row)
            let blocks = stride(from: 0, to: columns, by: wide).map { character($0, row, wide: wide, tall: tall) }
            return String(repeating: " ", count: margin - 2 - label.count) + label + "  " + String(blocks)
        }
        return WrappedText.lines(title, columns: limit) + [ruler(margin: margin, wide: wide)] + drawn
    }

    private func character(_ column: Int, _ row: Int, wide: Int, tall: Int) -> Character {
        var (wrong, unknown, count) = (0, 0, 0)
        for y in row..<min(row + tall, rows) {
            for x in column..<min(column + wide, columns) {
                let state = states[y * columns + x]
                count += 1
                if state == .wrong { wrong += 1 }
                if state == .unknown { unknown += 1 }
            }
        }
        if wrong == count { return "#" }
        if wrong > 0 { return "+" }
        return unknown > 0 ? "?" : "."
    }

    /// The numbers of every tenth character's first column.
    private func ruler(margin: Int, wide: Int) -> String {
        let step = columns > 5 * wide && columns <= 10 * wide ? 5 : 10
        var text = String(repeating: " ", count: margin)
        for place in stride(from: 0, to: (columns + wide - 1) / wide, by: step) {
            text += String(repeating: " ", count: max(0, margin + place - text.count)) + String(place * wide)
        }
        return text
    }
}
