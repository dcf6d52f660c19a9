/// One line of a terminal that is written over and over.
struct ProgressLine {
    private let columns: Int
    private let barWidth = 20
    private let interval = Duration.milliseconds(100)
    private var last: ContinuousClock.Instant?
    private var isVisible = false

    init(columns: Int) {
        self.columns = columns
    }

    /// What to write to show how far a run is, or `nil` where the line is too fresh to be changed.
    mutating func show(
        at now: ContinuousClock.Instant, done: Int, planned: Int, failed: Int, _ subject: @autoclosure () -> String
    ) -> String? {
        if let last, now - last < interval, done < planned { return nil }
        last = now
        isVisible = true
        let share = planned > 0 ? min(Double(done) / Double(planned), 1) : 0
        let filled = Int(share * Double(barWidth))
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: barWidth - filled)
        let failures = failed > 0 ? ", \(Numbers.count(failed)) failed" : ""
        let text = "[\(bar)] \(Numbers.count(done))/\(Numbers.count(planned))\(failures): \(subject())"
        return "\r" + text.prefix(max(columns - 1, 0)) + "\u{1B}[K"
    }

    /// What to write so that other text can take the line's place.
    mutating func hide() -> String {
        defer { isVisible = false }
        return isVisible ? "\r\u{1B}[K" : ""
    }
}
