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

    private let plan: RunPlan
    private let state: Mutex<State>

    init(_ plan: RunPlan) {
        self.plan = plan
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
            while state.next < state.isTaken.count, state.isTaken[state.next] { state.next += 1 }
            guard state.next < state.isTaken.count else {
                state.workers -= 1
                return nil
            }
            var place = state.next
            let next = plan.items[place].engine
            if next != engine {
                state.begun[next, default: 0] += 1
                let beginsAnew = state.begun[next, default: 0] > max(1, state.workers)
                place = firstOrdinary(state.isTaken, from: place, within: beginsAnew ? Self.reach : .max) ?? place
            }
            state.isTaken[place] = true
            return place
        }
    }

    private func firstOrdinary(_ isTaken: [Bool], from start: Int, within reach: Int) -> Int? {
        let engine = plan.items[start].engine
        return plan.items[start...].prefix(reach).indices.prefix { plan.items[$0].engine == engine }
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
