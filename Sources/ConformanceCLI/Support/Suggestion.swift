/// The known names nearest to one that is not known.
enum Suggestion {
    /// "; nearest: a, b, c", or nothing where nothing is near.
    static func among(_ names: [String], near name: String) -> String {
        let limit = max(3, name.count / 2)
        let near = names.map { (name: $0, distance: distance(Array($0.utf8), Array(name.utf8))) }
            .filter { $0.distance <= limit }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3).map(\.name)
        if !near.isEmpty { return "; nearest: " + near.joined(separator: ", ") }
        return names.count <= 12 && !names.isEmpty ? "; there are: " + names.joined(separator: ", ") : ""
    }

    /// Levenshtein's distance: insertions, deletions and substitutions from one to the other.
    static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var row = Array(0...second.count)
        for i in first.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in second.indices {
                let substitution = diagonal + (first[i] == second[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[second.count]
    }
}
