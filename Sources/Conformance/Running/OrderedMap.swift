internal import Dispatch
internal import Synchronization

/// What `value` gives for each place of `0..<count`, in order, computed side by side.
///
/// - Parameters:
///   - jobs: how many threads work; at least one does.
///   - value: called from several threads at a time, for earlier places first.
/// - Throws: the error of the earliest place that threw one. Later places may not have been computed then.
package func orderedMap<Value: Sendable>(
    _ count: Int, jobs: Int, _ value: @Sendable (_ place: Int) throws -> Value
) throws -> [Value] {
    let next = Atomic(0)
    let hasFailed = Atomic(false)
    let results = Mutex([Result<Value, any Error>?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, count))) { _ in
        while !hasFailed.load(ordering: .relaxed) {
            let place = next.add(1, ordering: .relaxed).oldValue
            guard place < count else { return }
            let result = Result { try value(place) }
            if case .failure = result { hasFailed.store(true, ordering: .relaxed) }
            results.withLock { $0[place] = result }
        }
    }
    // What follows an error is not reached, and may be missing.
    return try results.withLock { $0 }.compactMap { try $0?.get() }
}
