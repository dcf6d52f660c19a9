internal import Conformance
internal import Foundation
internal import ProblemLists

/// The problems of a list on which a submission is judged, and those on which it is timed.
struct SubmissionProblems {
    /// The list's file.
    let path: String
    private let entries: [(name: String, entry: ProblemList.Entry)]

    /// - Parameters:
    ///   - path: of a list.
    ///   - chosen: names, their beginnings up to a `-`, or patterns; all problems where there is none.
    /// - Throws: ``Stop``, wrong usage, where the list cannot be read, or has none that is chosen.
    init(path: String, chosen: [String]) throws {
        self.path = path
        let all = try ProblemOptions.list(path).entries.map { (name: Self.name(of: $0), entry: $0) }
        for word in chosen where !all.contains(where: { Self.matches($0.name, word) }) {
            throw Stop(
                .wrongUsage,
                "--problem \(word): \(path) has no such problem; it has \(all.map(\.name).joined(separator: ", "))")
        }
        entries = all.filter { entry in chosen.isEmpty || chosen.contains { Self.matches(entry.name, $0) } }
    }

    /// The names, as the list has them.
    var names: [String] { entries.map(\.name) }

    /// The patterns of the cases of the problems.
    ///
    /// - Parameter isChosen: takes a problem by its name.
    func patterns(where isChosen: (String) -> Bool = { _ in true }) -> [String] {
        let suite = URL(filePath: path).deletingPathExtension().lastPathComponent
        return entries.filter { isChosen($0.name) }.map { "\(suite)/\($0.entry.name)-*" }
    }

    /// What becomes of the problems that are too large, a sentence each.
    func reductions(_ reduction: Reduction) -> [String] {
        entries.compactMap { name, entry in
            let (listed, reduced) = (entry.problem, reduction.reduced(entry.problem))
            if reduced == listed { return nil }
            let isOfBatch = reduced.input.list.dropFirst() == listed.input.list.dropFirst()
            return "\(name) is reduced: \(isOfBatch ? "batch \(listed.input[0])" : "input \(listed.input)") there, "
                + "\(isOfBatch ? "\(reduced.input[0])" : "\(reduced.input)") here"
        }
    }

    /// What a list calls a problem, without the line that stands before it.
    private static func name(of entry: ProblemList.Entry) -> String {
        let parts = entry.name.split(separator: "-", maxSplits: 1)
        return parts.count == 2 ? String(parts[1]) : entry.name
    }

    private static func matches(_ name: String, _ word: String) -> Bool {
        name == word || name.hasPrefix(word + "-") || Glob(word).matches(name)
    }
}
