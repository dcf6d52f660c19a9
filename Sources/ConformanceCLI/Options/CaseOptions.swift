internal import ArgumentParser
internal import Conformance
internal import Convolution
internal import Foundation

/// Which golden cases to take.
struct CaseOptions: ParsableArguments {
    @OptionGroup var folder: GoldenOptions

    @Option(help: ArgumentHelp("Only this suite (repeatable).", valueName: "name"))
    var suite: [String] = []

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("Only cases whose id matches, such as 'grid/b2-*' (repeatable).", valueName: "glob"))
    var patterns: [String] = []

    @Option(help: ArgumentHelp("Not the cases whose id matches (repeatable).", valueName: "glob"))
    var skip: [String] = []

    @Option(
        name: [.customShort("k"), .customLong("keyword")],
        help: ArgumentHelp(
            "Only cases whose id, note or tags contain this word, in any case of letters (repeatable: any of them).",
            valueName: "word"))
    var keywords: [String] = []

    @Option(help: ArgumentHelp("Only cases with this tag (repeatable: with any of them).", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Not the cases with this tag (repeatable).", valueName: "tag"))
    var skipTag: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only cases of this operation: \(words(of: Convolution.Operation.self)) (repeatable: of any of them).",
            valueName: "operation"),
        transform: word(of: Convolution.Operation.self))
    var operation: [Convolution.Operation] = []

    @Option(
        help: ArgumentHelp(
            "Only cases with a tensor of this element type: \(words(of: ElementType.self)) (repeatable: of any of them).",
            valueName: "type"),
        transform: word(of: ElementType.self))
    var type: [ElementType] = []

    @Option(help: ArgumentHelp("Only every Nth case, starting with the Ith: 1/4 ... 4/4.", valueName: "i/n"))
    var shard: Shard?

    /// The options that choose cases as arguments, but for the shard.
    var selectionArguments: [String] {
        let options = [
            ("--suite", suite), ("--case", patterns), ("--skip", skip), ("--keyword", keywords), ("--tag", tag),
            ("--skip-tag", skipTag), ("--operation", operation.map(\.rawValue)), ("--type", type.map(\.rawValue)),
        ]
        return options.flatMap { option, values in values.flatMap { [option, $0] } }
    }

    /// The suites that have to be opened: those that were named, or those with which all patterns begin; all where it is
    /// empty.
    var suites: [String] {
        if !suite.isEmpty { return suite }
        let beginnings = patterns.map { String($0.prefix { $0 != "/" }) }
        let areSuites = zip(beginnings, patterns).allSatisfy { name, pattern in
            name != pattern && FileManager.default.fileExists(atPath: "\(folder.golden)/\(name).h5")
        }
        return areSuites ? Set(beginnings).sorted() : []
    }

    /// The cases that the options choose, and of them the shard.
    ///
    /// - Throws: as ``choose(from:)`` and ``part(of:)`` do.
    func select(from source: some CaseSource) throws -> [CaseHeader] {
        try part(of: choose(from: source))
    }

    /// The shard of the chosen cases.
    ///
    /// - Throws: ``Stop``, nothing executed, where it is empty.
    func part(of chosen: [CaseHeader]) throws -> [CaseHeader] {
        let part = shard.map { $0.part(of: chosen) } ?? chosen
        if part.isEmpty { throw Stop(.nothingExecuted, "the options leave no case of \(chosen.count)") }
        return part
    }

    /// The cases that the options choose, but for the shard.
    ///
    /// - Throws: ``Stop``: wrong usage for a suite or a tag that does not exist, nothing executed for patterns and words
    ///   that match nothing; each with the nearest names.
    func choose(from source: some CaseSource) throws -> [CaseHeader] {
        let all = source.cases
        // Of a few suites not all tags are known; one to be skipped may well belong to the others.
        try checkNames("tag", tag + (suites.isEmpty ? skipTag : []), among: Set(all.flatMap(\.tags)))
        try checkNames("suite", suite, among: Set(all.map(\.suite)))
        let ids = all.map(\.id)
        for pattern in patterns where !ids.contains(where: { Glob(pattern).matches($0) }) {
            throw Stop(.nothingExecuted, "no case matches '\(pattern)'" + Suggestion.among(ids, near: pattern))
        }
        for word in keywords where !all.contains(where: { $0.contains(word) }) {
            throw Stop(.nothingExecuted, "no case has '\(word)' in its id, its note or its tags")
        }
        let selected = all.filter { header in
            (suite.isEmpty || suite.contains(header.suite))
                && (patterns.isEmpty || patterns.contains { Glob($0).matches(header.id) })
                && !skip.contains { Glob($0).matches(header.id) }
                && (keywords.isEmpty || keywords.contains { header.contains($0) })
                && (tag.isEmpty || !Set(tag).isDisjoint(with: header.tags))
                && Set(skipTag).isDisjoint(with: header.tags)
                && (operation.isEmpty || operation.contains(header.problem.operation))
                && (type.isEmpty || !Set(type).isDisjoint(with: header.problem.tensorTypes))
        }
        if selected.isEmpty { throw Stop(.nothingExecuted, "the options leave no case of \(all.count)") }
        return selected
    }

    private func checkNames(_ kind: String, _ names: [String], among known: Set<String>) throws {
        for name in names where !known.contains(name) {
            throw Stop(
                .wrongUsage,
                "there is no \(kind) '\(name)'" + Suggestion.among(known.sorted(), near: name)
                    + " ('\(CommandName.word) list --\(kind)s' lists them)")
        }
    }
}

extension Problem {
    /// The types of its operands and of its answer.
    fileprivate var tensorTypes: [ElementType] {
        (operation.factors + [operation.answer] + (biasCount == nil ? [] : [.bias])).map { types[$0] }
    }
}

extension CaseHeader {
    /// Whether a word is part of the id, the note or a tag, in any case of letters.
    fileprivate func contains(_ word: String) -> Bool {
        let word = word.lowercased()
        return ([id, note] + tags).contains { $0.lowercased().contains(word) }
    }
}
