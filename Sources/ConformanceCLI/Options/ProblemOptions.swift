internal import ArgumentParser
internal import DrawnCases
internal import Foundation
internal import ProblemLists

/// Lists of problems in the place of golden files.
struct ProblemOptions: ParsableArguments {
    static let option = "--problems"

    @Option(
        help: ArgumentHelp(
            "The problems of this list in the place of golden cases, with data that is drawn and answers that are computed: a "
                + "batch file of benchdnn's, CSV with a header (.csv), JSON Lines (.jsonl) (repeatable).",
            valueName: "file"))
    var problems: [String] = []

    /// The cases of the lists; `nil` where there is none.
    func cases() throws -> ListedCases? { try Self.cases(of: problems, seed: nil) }

    /// The cases of some lists; `nil` where there is none. What is in each is said on standard error.
    ///
    /// - Parameter seed: what the data follows from; `nil` for what it always is.
    /// - Throws: ``Stop``: wrong usage for a list that cannot be read, with file and line; nothing executed where no problem is
    ///   ours.
    static func cases(of paths: [String], seed: UInt64?) throws -> ListedCases? {
        if paths.isEmpty { return nil }
        var lists: [(name: String, list: ProblemList)] = []
        for path in paths {
            do throws(ProblemListError) {
                let name = URL(filePath: path).deletingPathExtension().lastPathComponent
                let count = lists.count { $0.name == name || $0.name.hasPrefix("\(name)#") }
                lists.append((count == 0 ? name : "\(name)#\(count + 1)", try ProblemList(path: path)))
            } catch {
                throw Stop(.wrongUsage, "--problems: \(error)")
            }
        }
        for (path, entry) in zip(paths, lists) { StandardError.say("\(path): \(entry.list.summary)") }
        if lists.allSatisfy(\.list.entries.isEmpty) { throw Stop(.nothingExecuted, "no problem of the lists is ours") }
        return ListedCases(lists, seed: seed ?? 0)
    }
}
