internal import ArgumentParser
internal import Conformance
internal import DrawnCases
internal import Foundation
internal import ProblemLists

/// Lists of problems in the place of golden files.
struct ProblemOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The problems of this list in the place of golden cases, with data that is drawn and answers that are computed: a "
                + "batch file of benchdnn's, CSV with a header (.csv), JSON Lines (.jsonl) (repeatable).",
            valueName: "file"))
    var problems: [String] = []

    @Option(
        help: ArgumentHelp(
            "Make problems of a list smaller that have more products than this, batch first, then height and width.",
            valueName: "n"))
    var reduceProducts: Double?

    @Option(
        help: ArgumentHelp("The same where their tensors need more memory than this.", valueName: "MiB"))
    var reduceMemory: Int?

    func validate() throws {
        if let reduceProducts, !(reduceProducts >= 1) {
            throw ValidationError("--reduce-products is \(reduceProducts), expected at least 1")
        }
        if let reduceMemory, !(1...1 << 40).contains(reduceMemory) {
            throw ValidationError("--reduce-memory is \(reduceMemory), expected at least 1 MiB")
        }
        if problems.isEmpty, reduceProducts != nil || reduceMemory != nil {
            throw ValidationError("--reduce-products and --reduce-memory go with --problems")
        }
    }

    /// The options as arguments.
    var arguments: [String] {
        problems.flatMap { ["--problems", $0] }
            + (reduceProducts.map { ["--reduce-products", String(format: "%.0f", $0)] } ?? [])
            + (reduceMemory.map { ["--reduce-memory", "\($0)"] } ?? [])
    }

    /// Those of them that stand among the arguments of a record.
    static func recorded(in arguments: [String]) throws -> ProblemOptions {
        let pairs = zip(arguments, arguments.dropFirst())
        return try parse(
            pairs.filter { ["--problems", "--reduce-products", "--reduce-memory"].contains($0.0) }
                .flatMap { [$0.0, $0.1] })
    }

    /// The cases of the lists; `nil` where there is none. What is in each, and what was made smaller, is said on standard
    /// error.
    ///
    /// - Parameters:
    ///   - seed: what the data follows from; `nil` for what it always is.
    ///   - policy: which answers are computed whole.
    /// - Throws: ``Stop``: wrong usage for a list that cannot be read, with file and line; nothing executed where no problem is
    ///   ours.
    func cases(seed: UInt64? = nil, policy: TruthPolicy = .bySize) throws -> ListedCases? {
        if problems.isEmpty { return nil }
        var lists: [(name: String, list: ProblemList)] = []
        for path in problems {
            let name = URL(filePath: path).deletingPathExtension().lastPathComponent
            let count = lists.count { $0.name == name || $0.name.hasPrefix("\(name)#") }
            lists.append((count == 0 ? name : "\(name)#\(count + 1)", try Self.list(path)))
        }
        for (path, entry) in zip(problems, lists) { StandardError.say("\(path): \(entry.list.summary)") }
        if lists.allSatisfy(\.list.entries.isEmpty) { throw Stop(.nothingExecuted, "no problem of the lists is ours") }
        let reduction = Reduction(mostProducts: reduceProducts, mostBytes: reduceMemory.map { $0 << 20 })
        for place in lists.indices {
            lists[place].list.reduce(by: reduction)
            let reduced = lists[place].list.entries.count { $0.listed != nil }
            if reduced > 0 {
                StandardError.say("\(problems[place]): \(reduced) of them \(reduced == 1 ? "is" : "are") made smaller")
            }
        }
        return ListedCases(lists, seed: seed ?? 0, policy: policy)
    }

    /// - Throws: ``Stop``, wrong usage, for a list that cannot be read, with file and line.
    static func list(_ path: String) throws -> ProblemList {
        do throws(ProblemListError) {
            return try ProblemList(path: path)
        } catch {
            throw Stop(.wrongUsage, "--problems: \(error)")
        }
    }
}
