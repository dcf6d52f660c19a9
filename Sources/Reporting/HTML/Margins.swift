internal import Conformance

/// How near an engine's passing answers came to what is allowed.
struct Margins {
    /// How many bars the way from 0 to the limit has.
    static let bars = 20
    /// How many of the cases nearest to the limit are named.
    static let named = 5

    /// Answers without any error.
    private(set) var exact = 0
    /// Answers whose worst error is in this part of what is allowed, each part up to its upper end.
    private(set) var counts = [Int](repeating: 0, count: bars)
    /// Those nearest to the limit, nearest first.
    private(set) var nearest: [(title: String, ratio: Double)] = []

    /// Counts a passing answer whose worst error is so much of what is allowed.
    mutating func count(_ ratio: Double, of result: CaseResult) {
        guard ratio > 0 else {
            exact += 1
            return
        }
        counts[max(0, min(Self.bars - 1, Int((ratio * Double(Self.bars)).rounded(.up)) - 1))] += 1
        let place = nearest.firstIndex { $0.ratio < ratio } ?? nearest.endIndex
        if place < Self.named { nearest.insert((result.title, ratio), at: place) }
        if nearest.count > Self.named { nearest.removeLast() }
    }
}
