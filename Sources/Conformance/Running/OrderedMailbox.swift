internal import Dispatch
internal import Synchronization

/// Values that arrive in any order and are taken by their place.
///
/// To wake a thread costs more than a small case. So whoever waits looks for itself, after a millisecond and then ever
/// less often, and is woken only where much has arrived.
final class OrderedMailbox<Value: Sendable>: Sendable {
    /// So many arrivals wake whoever waits.
    private static var many: Int { 64 }
    /// The longest pause between two looks, in milliseconds.
    private static var longestPause: Int { 32 }

    private struct State {
        var values: [Int: Value] = [:]
        var arrived = 0
    }

    private let state = Mutex(State())
    private let arrivals = DispatchSemaphore(value: 0)

    /// Leaves a value at its place.
    func put(_ value: Value, at place: Int) {
        let areMany = state.withLock { state in
            state.values[place] = value
            state.arrived += 1
            return state.arrived % Self.many == 0
        }
        if areMany { arrivals.signal() }
    }

    /// The value at a place, waiting until it has arrived, or `nil` where `isOver` says first that it will not.
    func take(_ place: Int, unless isOver: () -> Bool) -> Value? {
        var milliseconds = 1
        while true {
            if let value = state.withLock({ $0.values.removeValue(forKey: place) }) { return value }
            if isOver() { return nil }
            _ = arrivals.wait(timeout: .now() + .milliseconds(milliseconds))
            milliseconds = min(2 * milliseconds, Self.longestPause)
        }
    }
}
