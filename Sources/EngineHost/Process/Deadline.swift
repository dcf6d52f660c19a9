internal import Conformance

/// A moment by which something must have happened.
struct Deadline {
    /// `nil` for never.
    private let limit: Duration?
    private let time: OwnTime

    static var never: Deadline { Deadline(limit: nil, time: OwnTime { [] }) }

    private init(limit: Duration?, time: OwnTime) {
        self.limit = limit
        self.time = time
    }

    /// - Parameter threads: those of the program that is waited for, whose waits for a processor do not count.
    init(after limit: Duration, of threads: @escaping OwnTime.Threads = { [] }) {
        self.init(limit: limit, time: OwnTime(of: threads))
    }

    /// To be asked about ten times a second.
    var hasPassed: Bool {
        guard let limit else { return false }
        return time.hasReached(limit)
    }
}
