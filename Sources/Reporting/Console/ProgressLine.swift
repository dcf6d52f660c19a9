/// One line of a terminal that is written over and over.
struct ProgressLine {
    private let columns: Int
    private let interval = Duration.milliseconds(100)
    private var last: ContinuousClock.Instant?
    private var isVisible = false

    init(columns: Int) {
        self.columns = columns
    }

    /// What to write to show `text`, or `nil` where the line is too fresh to be changed.
    mutating func show(_ text: @autoclosure () -> String, at now: ContinuousClock.Instant) -> String? {
        if let last, now - last < interval { return nil }
        last = now
        isVisible = true
        return "\r" + text().prefix(max(columns - 1, 0)) + "\u{1B}[K"
    }

    /// What to write so that other text can take the line's place.
    mutating func hide() -> String {
        defer { isVisible = false }
        return isVisible ? "\r\u{1B}[K" : ""
    }
}
