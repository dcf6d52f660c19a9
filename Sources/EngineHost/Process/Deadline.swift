/// A moment by which something must have happened.
struct Deadline {
    /// `nil` for never.
    private let instant: ContinuousClock.Instant?

    static let never = Deadline(instant: nil)

    private init(instant: ContinuousClock.Instant?) {
        self.instant = instant
    }

    init(after limit: Duration) {
        instant = .now + limit
    }

    var hasPassed: Bool {
        guard let instant else { return false }
        return .now >= instant
    }

    /// What is left, in milliseconds as `poll` takes them: rounded up, at most `limit`.
    func milliseconds(atMost limit: Int32) -> Int32 {
        guard let instant else { return limit }
        let left = ContinuousClock.Instant.now.duration(to: instant) / .milliseconds(1)
        return Int32(min(max(left.rounded(.up), 0), Double(limit)))
    }
}
