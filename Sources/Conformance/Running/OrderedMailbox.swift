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

    /// The value at a place, waiting until it has arrived.
    func take(_ place: Int) -> Value {
        while true {
            if let value = values.withLock({ $0.removeValue(forKey: place) }) { return value }
            arrivals.wait()
        }
    }
}
