internal import Dispatch
internal import Synchronization

/// Values that arrive in any order and are taken by their place.
final class OrderedMailbox<Value: Sendable>: Sendable {
    private let values = Mutex<[Int: Value]>([:])
    private let arrivals = DispatchSemaphore(value: 0)

    /// Leaves a value at its place.
    func put(_ value: Value, at place: Int) {
        values.withLock { $0[place] = value }
        arrivals.signal()
    }

    /// The value at a place, waiting until it has arrived, or `nil` where `isOver` says first that it will not.
    func take(_ place: Int, unless isOver: () -> Bool) -> Value? {
        while true {
            if let value = values.withLock({ $0.removeValue(forKey: place) }) { return value }
            if isOver() { return nil }
            _ = arrivals.wait(timeout: .now() + .milliseconds(100))
        }
    }
}
