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

    @Flag(help: "Also the cases with the tag 'slow', which take minutes or much memory, and are left out otherwise.")
    var slow = false

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
        return options.flatMap { option, values in values.flatMap { [option, $0] } } + (slow ? ["--slow"] : [])
    }

    private var selection: CaseSelection {
        var selection = CaseSelection()
        selection.suites = suite
        selection.patterns = patterns
        selection.skippedPatterns = skip
        selection.keywords = keywords
        selection.tags = tag
        selection.skippedTags = skipTag
        selection.operations = operation
        selection.types = type
        selection.includesSlow = slow
        return selection
    }

    /// The suites that have to be opened: those that were named, or those with which all patterns begin; all where it is
    /// empty.
    var suites: [String] {
        if !suite.isEmpty { return suite }
        let suites = selection.patternSuites
        let areSuites = suites.allSatisfy { FileManager.default.fileExists(atPath: "\(folder.golden)/\($0).h5") }
        return areSuites ? suites : []
    }

    /// The cases that the options choose, and of them the shard.
    ///
    /// - Throws: as ``choose(from:)`` and ``part(of:)`` do.
    func select(from source: some CaseSource) throws -> [CaseHeader] {
        try part(of: choose(from: source))
    }

    /// The cases in the order in which patterns name them.
    func ordered(_ cases: [CaseHeader]) -> [CaseHeader] {
        patterns.flatMap { pattern in cases.filter { Glob(pattern).matches($0.id) } }
            .reduce(into: (cases: [CaseHeader](), ids: Set<String>())) { ordered, header in
                if ordered.ids.insert(header.id).inserted { ordered.cases.append(header) }
            }.cases
    }

    /// The shard of the chosen cases.
    ///
    /// - Throws: ``Stop``, nothing executed, where it is empty.
    func part(of chosen: [CaseHeader]) throws -> [CaseHeader] {
        let part = shard.map { $0.part(of: chosen) } ?? chosen
        if part.isEmpty { throw Stop(.nothingExecuted, "the options leave no case of \(chosen.count)") }
        return part
    }

    /// What there is to say of cases that are left out since they take long; `nil` where none is.
    func leftOut(of source: some CaseSource) -> String? {
        let count = selection.slowCases(of: source)
        if count == 0 { return nil }
        return
            "\(count == 1 ? "1 case" : "\(count) cases") with the tag '\(CaseSelection.slow)' left out: --slow runs them too"
    }

    /// The cases that the options choose, but for the shard.
    ///
    /// - Parameter includingSlow: whether those are taken, too, that take long.
    /// - Throws: ``Stop``: wrong usage for a suite or a tag that does not exist, nothing executed for patterns and words
    ///   that match nothing; each with the nearest names.
    func choose(from source: some CaseSource, includingSlow: Bool = false) throws -> [CaseHeader] {
        do throws(SelectionError) {
            var selection = selection
            if includingSlow { selection.includesSlow = true }
            return try selection.choose(from: source, isWhole: suites.isEmpty)
        } catch {
            guard let kind = error.unknown else { throw Stop(.nothingExecuted, "\(error)") }
            throw Stop(.wrongUsage, "\(error) ('\(CommandName.word) list --\(kind)s' lists them)")
        }
    }
}
