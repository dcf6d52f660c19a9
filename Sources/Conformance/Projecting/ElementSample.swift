internal import Convolution
internal import ExactArithmetic

/// Elements of a large answer that are compared with exact sums of their own.
///
/// - Of an output, or an input gradient, positions in every class of border: of each way in which windows are cut off above
///   and below, left and right, the first and the last row and column; where tiles of rows and columns end; the first, the
///   last and some other image.
/// - Of a filter gradient, whose elements each take as many products as there are pixels, fewer: the kernel's corners, its
///   middle and some other tap, with the first and the last channel, and those at which blocks end.
/// - Of each, in the first, the last and some other group, the indices of the last axis at which blocks of 4, 8, 16 and 32
///   end, and some at random.
/// - Positions at random anywhere, with indices of the last axis at random.
struct ElementSample {
    /// Positions, and indices of the last axis, in one group, that are looked at in each of them.
    struct Part {
        var group: Int
        var positions: [AnswerPosition]
        var columns: [Int]
    }

    private(set) var parts: [Part] = []

    private static let randomParts = 8
    private static let positionsOfRandomPart = 32
    private static let columnsOfRandomPart = 8
    /// Ways of being cut off at one end of an axis, of which the outermost and the innermost are taken.
    private static let mostCuts = 4

    init(_ geometry: Geometry, _ operation: Operation, random: inout SequentialRandom) {
        let size = geometry.elementsPerGroup(of: operation)
        let shape = geometry.shape(of: operation.answer)
        let positions = Self.positions(geometry, operation, shape, &random)
        parts = Self.ends(geometry.groups, &random).map { group in
            let columns = Set([0, size - 1] + Self.tails(size) + (0..<4).map { _ in random.next(below: size) })
            return Part(group: group, positions: [], columns: columns.sorted().map { group * size + $0 })
        }
        for (place, position) in positions { parts[place % parts.count].positions.append(position) }
        let isFilter = operation == .filterGradient
        for _ in 0..<Self.randomParts {
            let group = random.next(below: geometry.groups)
            // One tap a part: what a tap meets is looked up once.
            let tap = (random.next(below: shape[0]), random.next(below: shape[1]))
            let positions = (0..<(isFilter ? 4 : Self.positionsOfRandomPart)).map { _ in
                AnswerPosition(
                    isFilter ? tap.0 : random.next(below: shape[0]), isFilter ? tap.1 : random.next(below: shape[1]),
                    random.next(below: shape[2]))
            }
            let columns = Set((0..<Self.columnsOfRandomPart).map { _ in group * size + random.next(below: size) })
            parts.append(Part(group: group, positions: positions, columns: columns.sorted()))
        }
    }

    /// The positions that are not at random, each with a number that says in which group.
    private static func positions(
        _ geometry: Geometry, _ operation: Operation, _ shape: Shape, _ random: inout SequentialRandom
    ) -> [(place: Int, position: AnswerPosition)] {
        if operation == .filterGradient {
            let channels = Set(ends(shape[2], &random) + tails(shape[2])).sorted()
            let corners = [0, shape[0] - 1].flatMap { row in [0, shape[1] - 1].map { [row, $0] } }
            let others = [[shape[0] / 2, shape[1] / 2], [random.next(below: shape[0]), random.next(below: shape[1])]]
            return Set(corners + others).sorted { $0.lexicographicallyPrecedes($1) }.enumerated().flatMap {
                place, tap in
                channels.map { (place, AnswerPosition(tap[0], tap[1], $0)) }
            }
        }
        let isForward = operation == .forward
        let rows = indices(shape[1], &random) { row in
            (0..<geometry.kernelHeight).map { tap in
                (isForward ? geometry.inputRow(row, tap) : geometry.outputRow(row, tap)) != nil
            }
        }
        let columns = indices(shape[2], &random) { column in
            (0..<geometry.kernelWidth).map { tap in
                (isForward ? geometry.inputColumn(column, tap) : geometry.outputColumn(column, tap)) != nil
            }
        }
        let batches = ends(geometry.batch, &random)
        return rows.enumerated().flatMap { i, row in
            columns.enumerated().map { j, column in
                (i + 2 * j, AnswerPosition(batches[(i + j) % batches.count], row, column))
            }
        }
    }

    /// The first and the last of an axis, and some other.
    private static func ends(_ count: Int, _ random: inout SequentialRandom) -> [Int] {
        Set([0, count - 1, random.next(below: count)]).sorted()
    }

    /// Where blocks of 4, 8, 16 and 32 end, and the next begin, as far as there are such.
    private static func tails(_ count: Int) -> [Int] {
        [4, 8, 16, 32].flatMap { [count / $0 * $0, count / $0 * $0 - 1] }.filter { (0..<count).contains($0) }
    }

    /// Of an axis of the answer those in every class.
    private static func indices(
        _ count: Int, _ random: inout SequentialRandom, cut: (Int) -> [Bool]
    ) -> [Int] {
        var chosen = Set([0, count - 1, random.next(below: count), random.next(below: count)] + tails(count))
        // Where the windows are cut off otherwise than one before.
        var changes: [Int] = []
        var last = cut(0)
        for index in 1..<max(count, 1) {
            let this = cut(index)
            if this != last { changes.append(index) }
            last = this
        }
        for index in changes.prefix(mostCuts) + changes.suffix(mostCuts) { chosen.formUnion([index - 1, index]) }
        if let middle = changes.first(where: { 2 * $0 >= count }), let place = changes.firstIndex(of: middle) {
            // The cuts before the interior and behind it.
            for index in changes[..<place].suffix(mostCuts) + changes[place...].prefix(mostCuts) {
                chosen.formUnion([index - 1, index])
            }
        }
        return chosen.filter { (0..<count).contains($0) }.sorted()
    }
}

/// The numbers of SplitMix64, one after the other.
struct SequentialRandom {
    private let numbers: SplitMix64
    private var count: UInt64 = 0

    init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 {
        defer { count += 1 }
        return numbers[count]
    }

    /// A number from 0 to `bound` - 1, as good as evenly.
    mutating func next(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }
}
