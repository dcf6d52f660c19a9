internal import Convolution
internal import ExactArithmetic

/// Elements of a large output that are compared with exact sums of their own.
///
/// - Positions in every class of border: of each way in which windows are cut off above and below, left and right, the first
///   and the last row and column; where tiles of rows and columns end; the first, the last and some other image, the first,
///   the last and some other group. Of each the filters at which blocks of 4, 8, 16 and 32 end, and some at random.
/// - Positions at random anywhere, with filters at random.
struct ElementSample {
    /// Positions, and filters of one group that are looked at in each of them.
    struct Part {
        var group: Int
        var positions: [OutputPosition]
        var filters: [Int]
    }

    private(set) var parts: [Part] = []

    private static let randomParts = 8
    private static let positionsOfRandomPart = 32
    private static let filtersOfRandomPart = 8
    /// Ways of being cut off at one end of an axis, of which the outermost and the innermost are taken.
    private static let mostCuts = 4

    init(_ geometry: Geometry, random: inout SequentialRandom) {
        let rows = Self.indices(geometry.outputHeight, &random) { y in
            (0..<geometry.kernelHeight).map { geometry.inputRow(y, $0) != nil }
        }
        let columns = Self.indices(geometry.outputWidth, &random) { x in
            (0..<geometry.kernelWidth).map { geometry.inputColumn(x, $0) != nil }
        }
        let batches = Self.ends(geometry.batch, &random)
        let groups = Self.ends(geometry.groups, &random)
        let size = geometry.filtersPerGroup
        parts = groups.map { group in
            let tails = [4, 8, 16, 32].flatMap { [size / $0 * $0, size / $0 * $0 - 1] }
            let filters = Set([0, size - 1] + tails + (0..<4).map { _ in random.next(below: size) })
            return Part(
                group: group, positions: [],
                filters: filters.filter { (0..<size).contains($0) }.sorted().map { group * size + $0 })
        }
        for (i, row) in rows.enumerated() {
            for (j, column) in columns.enumerated() {
                let batch = batches[(i + j) % batches.count]
                parts[(i + 2 * j) % parts.count].positions.append(.init(batch: batch, row: row, column: column))
            }
        }
        for _ in 0..<Self.randomParts {
            let group = random.next(below: geometry.groups)
            let positions = (0..<Self.positionsOfRandomPart).map { _ in
                OutputPosition(
                    batch: random.next(below: geometry.batch), row: random.next(below: geometry.outputHeight),
                    column: random.next(below: geometry.outputWidth))
            }
            let filters = Set((0..<Self.filtersOfRandomPart).map { _ in group * size + random.next(below: size) })
            parts.append(Part(group: group, positions: positions, filters: filters.sorted()))
        }
    }

    /// The first and the last of an axis, and some other.
    private static func ends(_ count: Int, _ random: inout SequentialRandom) -> [Int] {
        Set([0, count - 1, random.next(below: count)]).sorted()
    }

    /// Of an output's axis those in every class.
    private static func indices(
        _ count: Int, _ random: inout SequentialRandom, cut: (Int) -> [Bool]
    ) -> [Int] {
        var chosen: Set<Int> = [0, count - 1, random.next(below: count), random.next(below: count)]
        for tile in [4, 8, 16, 32] { chosen.formUnion([count / tile * tile, count / tile * tile - 1]) }
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
