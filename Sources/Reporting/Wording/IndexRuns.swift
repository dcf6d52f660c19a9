/// Ascending indices as a person would write them: `0, 3...7, 9`, or `every 2nd from 1 to 9`.
struct IndexRuns {
    let text: String

    /// How many separate runs are written out.
    private static let limit = 6

    /// - Precondition: `indices` ascend.
    init(_ indices: [Int]) {
        if let step = IndexRuns.step(indices), step > 1, indices.count > 2 {
            text = "\(indices[0]), \(indices[1]), ..., \(indices[indices.count - 1]) (every \(IndexRuns.ordinal(step)))"
            return
        }
        var runs: [ClosedRange<Int>] = []
        for index in indices {
            if let last = runs.last, last.upperBound + 1 == index {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
        let shown = runs.prefix(IndexRuns.limit).map {
            $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)...\($0.upperBound)"
        }
        let hidden = runs.dropFirst(IndexRuns.limit).reduce(0) { $0 + $1.count }
        text = shown.joined(separator: ", ") + (hidden > 0 ? " and \(hidden) more" : "")
    }

    /// The distance between neighbours, where it is the same throughout.
    private static func step(_ indices: [Int]) -> Int? {
        guard indices.count > 1 else { return nil }
        let step = indices[1] - indices[0]
        return zip(indices, indices.dropFirst()).allSatisfy { $1 - $0 == step } ? step : nil
    }

    private static func ordinal(_ number: Int) -> String {
        switch (number % 10, number % 100) {
        case (_, 11...13): "\(number)th"
        case (1, _): "\(number)st"
        case (2, _): "\(number)nd"
        case (3, _): "\(number)rd"
        default: "\(number)th"
        }
    }
}
