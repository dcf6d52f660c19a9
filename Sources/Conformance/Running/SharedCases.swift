internal import Synchronization

/// The golden cases of a plan, each loaded once for all layouts that follow each other: to derive one can cost more than an
/// engine takes to answer it, and a sample of the cases is met in every layout.
///
/// No case is kept beyond the last of its layouts, and of a shuffled plan no more than there are workers.
final class SharedCases: Sendable {
    /// A case that whoever comes first loads, while the others wait.
    private final class Slot: Sendable {
        let golden = Mutex<GoldenCase?>(nil)
    }

    private struct Open {
        let first: Int
        let slot = Slot()
        /// How many items have not asked yet.
        var waiting: Int
    }

    private let plan: RunPlan
    private let source: any CaseSource
    private let limit: Int
    /// For each item of the plan, the first that asks an engine the same case.
    private let firsts: [Int]
    /// How many items there are from such a first one on.
    private let counts: [Int: Int]
    private let open = Mutex<[Open]>([])

    /// - Parameter limit: how many cases are kept at the same time.
    init(_ plan: RunPlan, source: any CaseSource, limit: Int) {
        self.plan = plan
        self.source = source
        self.limit = limit
        var firsts: [Int] = []
        var counts: [Int: Int] = [:]
        for (place, item) in plan.items.enumerated() {
            let isNext =
                place > 0 && plan.items[place - 1].engine == item.engine
                && plan.items[place - 1].header.name == item.header.name
                && plan.items[place - 1].header.suite == item.header.suite
            firsts.append(isNext ? firsts[place - 1] : place)
            if isNext { counts[firsts[place], default: 1] += 1 }
        }
        self.firsts = firsts
        self.counts = counts
    }

    /// The case of an item of the plan.
    ///
    /// - Throws: what its source throws, for every item that asks.
    func load(_ place: Int) throws -> GoldenCase {
        let header = plan.items[place].header
        let first = firsts[place]
        guard let count = counts[first] else { return try source.load(header) }
        let slot = open.withLock { open in
            if let place = open.firstIndex(where: { $0.first == first }) {
                let slot = open[place].slot
                open[place].waiting -= 1
                if open[place].waiting <= 0 { open.remove(at: place) }
                return slot
            }
            if open.count == limit { open.removeFirst() }
            let new = Open(first: first, waiting: count - 1)
            open.append(new)
            return new.slot
        }
        return try slot.golden.withLock { golden in
            if let golden { return golden }
            let loaded = try source.load(header)
            golden = loaded
            return loaded
        }
    }
}
