internal import Synchronization

/// Which items of a plan are still to be done, and how many workers there are to do them.
///
/// Items are taken in the order of the plan, except that an engine begins with an ordinary case: a first call that goes
/// wrong must not meet a case in which nothing shows. An engine that ends with every case begins again and again: then what
/// comes next waits for a few ordinary cases only, since results are told in order.
final class WorkQueue: Sendable {
    /// How far an engine that begins once more looks for an ordinary case.
    private static let reach = 32

    private struct State {
        /// How often each engine has begun.
        var begun: [Int: Int] = [:]
        var isTaken: [Bool]
        /// Everything before is taken.
        var next = 0
        /// Taken, and brought back.
        var returned: [Int] = []
        var workers = 0
        var shortage: Shortage?
        var hasSaidShortage = false
    }

    /// How far an item may move where the order is shuffled: results are told in the order of the plan, and are kept until
    /// then.
    private static let block = 512

    private let plan: RunPlan
    /// The places of the plan in the order in which they are taken.
    private let order: [Int]
    private let state: Mutex<State>

    /// Whether an engine may begin with a case that comes later.
    private let beginsWithOrdinary: Bool

    /// - Parameters:
    ///   - seed: what the order of the items follows from; that of the plan where there is none.
    ///   - beginsWithOrdinary: whether an engine begins with an ordinary case, wherever it is in the order.
    init(_ plan: RunPlan, seed: UInt64? = nil, beginsWithOrdinary: Bool = true) {
        self.plan = plan
        self.beginsWithOrdinary = beginsWithOrdinary
        var order = Array(plan.items.indices)
        if let seed {
            var random = SplitMix64(state: seed)
            var start = 0
            while start < order.count {
                let engine = plan.items[start].engine
                let end = order[start...].prefix(WorkQueue.block).prefix { plan.items[$0].engine == engine }.endIndex
                order[start..<end].shuffle(using: &random)
                start = end
            }
        }
        self.order = order
        state = Mutex(State(isTaken: Array(repeating: false, count: plan.items.count)))
    }

    /// How many workers there are at the moment.
    var workers: Int { state.withLock(\.workers) }
    /// Why nothing more is run.
    var shortage: Shortage? { state.withLock(\.shortage) }

    func begin(workers: Int) {
        state.withLock { $0.workers = workers }
    }

    /// The place of what is to be done next; `nil`, and a worker less, where there is nothing.
    ///
    /// - Parameter engine: the one that the worker's session has asked before; `nil` where the next request is the first.
    func take(continuing engine: Int?) -> Int? {
        state.withLock { state in
            if let place = state.returned.popLast() { return place }
            while state.next < order.count, state.isTaken[order[state.next]] { state.next += 1 }
            guard state.next < order.count else {
                state.workers -= 1
                return nil
            }
            var place = order[state.next]
            let next = plan.items[place].engine
            if next != engine, beginsWithOrdinary {
                state.begun[next, default: 0] += 1
                let beginsAnew = state.begun[next, default: 0] > max(1, state.workers)
                place = firstOrdinary(state.isTaken, from: state.next, within: beginsAnew ? Self.reach : .max) ?? place
            }
            state.isTaken[place] = true
            return place
        }
    }

    private func firstOrdinary(_ isTaken: [Bool], from start: Int, within reach: Int) -> Int? {
        let engine = plan.items[order[start]].engine
        return order[start...].prefix(reach).prefix { plan.items[$0].engine == engine }
            .first { !isTaken[$0] && plan.items[$0].isOrdinary }
    }

    /// Brings an item back for another worker to do, and takes this one out; `false` where it is the last.
    func leave(returning place: Int) -> Bool {
        state.withLock { state in
            if state.workers == 1 { return false }
            state.workers -= 1
            state.returned.append(place)
            return true
        }
    }

    /// Lets nothing more be run.
    func giveUp(_ shortage: Shortage) {
        state.withLock { $0.shortage = shortage }
    }

    /// Whether it is the first time that this is asked.
    func isFirstShortage() -> Bool {
        state.withLock { state in
            defer { state.hasSaidShortage = true }
            return !state.hasSaidShortage
        }
    }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}
