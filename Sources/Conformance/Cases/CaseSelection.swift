public import Convolution

/// Which cases of a source to take: those that everything said here leaves.
public struct CaseSelection: Hashable, Sendable {
    /// Only these suites.
    public var suites: [String] = []
    /// Only cases whose id matches one of these patterns, such as `grid/b2-*`.
    public var patterns: [String] = []
    /// Not the cases whose id matches one of these patterns.
    public var skippedPatterns: [String] = []
    /// Only cases whose id, note or tags contain one of these words, in any case of letters.
    public var keywords: [String] = []
    /// Only cases with one of these tags.
    public var tags: [String] = []
    /// Not the cases with one of these tags.
    public var skippedTags: [String] = []
    /// Only cases of one of these operations.
    public var operations: [Operation] = []
    /// Only cases with a tensor of one of these element types.
    public var types: [ElementType] = []

    /// Whether cases with the tag ``slow`` are taken too: they are left out unless it is named, or a pattern is given.
    public var includesSlow = false

    /// The tag of cases that take minutes, or much memory.
    public static let slow = "slow"

    /// Everything but what takes long.
    public init() {}

    /// How many cases are left out for their tag ``slow`` alone.
    package func slowCases(of source: some CaseSource) -> Int {
        if takesSlow { return 0 }
        var all = self
        all.includesSlow = true
        return source.cases.count { $0.tags.contains(Self.slow) && all.contains($0) }
    }

    private var takesSlow: Bool { includesSlow || tags.contains(Self.slow) || !patterns.isEmpty }

    /// The suites with which all patterns begin, where that is plain; empty where it is not. Only these need be opened.
    package var patternSuites: [String] {
        let beginnings = patterns.map { String($0.prefix { $0 != "/" }) }
        let arePlain = zip(beginnings, patterns).allSatisfy { name, pattern in
            name != pattern && !name.isEmpty && !name.contains { "*?[\\".contains($0) }
        }
        return arePlain ? Set(beginnings).sorted() : []
    }

    /// The chosen cases, in the source's order.
    ///
    /// - Parameter isWhole: whether the source has all suites that there are: of a few not all cases and tags are known, and
    ///   what is to be skipped may well belong to the others.
    /// - Throws: ``SelectionError`` for a suite or a tag that does not exist, for a pattern or a word that matches nothing,
    ///   and where no case is left; each with the nearest names.
    public func choose(from source: some CaseSource, isWhole: Bool = true) throws(SelectionError) -> [CaseHeader] {
        let all = source.cases
        try checkNames("tag", tags + (isWhole ? skippedTags : []), among: Set(all.flatMap(\.tags)))
        try checkNames("suite", suites, among: Set(all.map(\.suite)))
        for pattern in patterns + (isWhole ? skippedPatterns : [])
        where !all.contains(where: { Glob(pattern).matches($0.id) }) {
            let isSuite = all.contains { $0.suite == pattern }
            let remedy =
                isSuite
                ? ": the cases of that suite are '\(pattern)/*'" : Suggestion.among(all.map(\.id), near: pattern)
            throw SelectionError("no case matches '\(pattern)'" + remedy)
        }
        for word in keywords where !all.contains(where: { $0.contains(word) }) {
            throw SelectionError("no case has '\(word)' in its id, its note or its tags")
        }
        let chosen = all.filter(contains)
        if chosen.isEmpty {
            let slow = slowCases(of: source)
            throw SelectionError(
                "the options leave no case of \(all.count)"
                    + (slow > 0 ? ", but for \(slow) with the tag '\(Self.slow)', which have to be asked for" : ""))
        }
        return chosen
    }

    private func contains(_ header: CaseHeader) -> Bool {
        (suites.isEmpty || suites.contains(header.suite))
            && (patterns.isEmpty || patterns.contains { Glob($0).matches(header.id) })
            && !skippedPatterns.contains { Glob($0).matches(header.id) }
            && (keywords.isEmpty || keywords.contains { header.contains($0) })
            && (tags.isEmpty || !Set(tags).isDisjoint(with: header.tags))
            && (skippedTags.isEmpty || Set(skippedTags).isDisjoint(with: header.tags))
            && (takesSlow || !header.tags.contains(Self.slow))
            && (operations.isEmpty || operations.contains(header.problem.operation))
            && (types.isEmpty || !Set(types).isDisjoint(with: header.problem.tensorTypes))
    }

    private func checkNames(
        _ kind: String, _ names: [String], among all: @autoclosure () -> Set<String>
    ) throws(SelectionError) {
        if names.isEmpty { return }
        let known = all()
        for name in names where !known.contains(name) {
            throw SelectionError(
                "there is no \(kind) '\(name)'" + Suggestion.among(known.sorted(), near: name), unknown: kind)
        }
    }
}

/// Why a ``CaseSelection`` chooses nothing.
public struct SelectionError: Error, Hashable, CustomStringConvertible {
    public let description: String
    /// `suite` or `tag` where a name is not known; `nil` where nothing is left.
    package let unknown: String?

    init(_ description: String, unknown: String? = nil) {
        self.description = description
        self.unknown = unknown
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
