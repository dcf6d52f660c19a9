/// The known names nearest to one that is not known.
package enum Suggestion {
    private static let most = 3

    /// "; nearest: a, b, c": names that differ in a few letters, else those that hold the word, else those that begin as it
    /// does; where none is near, all of a few.
    package static func among(_ names: [String], near name: String) -> String {
        let near = [similar(names, to: name), holding(names, name), beginning(names, as: name)].first { !$0.isEmpty }
        if let near { return "; nearest: " + near.joined(separator: ", ") }
        return names.count <= 12 && !names.isEmpty ? "; there are: " + names.joined(separator: ", ") : ""
    }

    private static func similar(_ names: [String], to name: String) -> [String] {
        let limit = max(2, name.count / 3)
        let near = names.map { (name: $0, distance: distance(Array($0.utf8), Array(name.utf8))) }
            .filter { $0.distance <= limit && $0.distance < name.utf8.count }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return near.prefix(most).map(\.name)
    }

    private static func holding(_ names: [String], _ name: String) -> [String] {
        name.count < 3
            ? [] : Array(names.filter { $0.contains(name) }.sorted { ($0.count, $0) < ($1.count, $1) }.prefix(most))
    }

    /// The names with the longest common beginning, of three letters at least.
    private static func beginning(_ names: [String], as name: String) -> [String] {
        let shared = names.map { (name: $0, length: $0.sharedBeginning(with: name).count) }
        guard let longest = shared.map(\.length).max(), longest >= 3 else { return [] }
        let near = shared.filter { $0.length == longest }.map(\.name)
        return Array(near.sorted { ($0.count, $0) < ($1.count, $1) }.prefix(most))
    }

    /// Levenshtein's distance: insertions, deletions and substitutions from one to the other.
    package static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
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

extension String {
    /// The characters with which both begin.
    fileprivate func sharedBeginning(with other: String) -> [Character] {
        zip(self, other).prefix { $0 == $1 }.map(\.0)
    }
}
