internal import Conformance

/// The names under which engines stand in every report.
enum EngineNames {
    /// How many characters of an engine's own name are used.
    private static let limit = 100

    /// A name for each engine, no two of them the same: its own, made harmless, with `#2` and so on where that is taken.
    static func distinct(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            let safe = SafeText.line(name)
            let base = safe.isEmpty ? "unnamed" : safe.count > limit ? "\(safe.prefix(limit))..." : safe
            var candidate = base
            var number = 2
            while !taken.insert(candidate).inserted {
                candidate = "\(base)#\(number)"
                number += 1
            }
            return candidate
        }
    }
}
