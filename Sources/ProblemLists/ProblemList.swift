public import Convolution
internal import Foundation

/// A list of convolutions from a file that somebody else wrote.
public struct ProblemList: Sendable {
    /// One problem of a list.
    public struct Entry: Hashable, Sendable {
        /// Where it stands: `file:line`.
        public var place: String
        /// What the list calls it, else its line; of letters, digits and `-_.:+`.
        public var name: String
        public var problem: Problem
        /// The problem as the list has it, where ``ProblemList/reduce(by:)`` has made it smaller.
        public var listed: Problem?
    }

    /// The problems that are ours, each once, in the order of the list.
    public internal(set) var entries: [Entry] = []
    /// How many problems the list has, every combination of its options counted.
    public internal(set) var count = 0
    /// How many of them are not ours, by the reason.
    public internal(set) var skipped: [String: Int] = [:]
    /// How many are, but stand there before.
    public internal(set) var repeated = 0
    /// How many are taken without what the list has done to the result afterwards: post-operations, scales, zero points.
    public internal(set) var bare = 0
    private var known: Set<Problem> = []

    /// Reads a list: a CSV table (`.csv`), JSON Lines (`.jsonl`), and any other file as a batch file of benchdnn.
    ///
    /// - Throws: ``ProblemListError`` with file and line.
    public init(path: String) throws(ProblemListError) {
        let lines = try ProblemList.lines(of: path)
        if path.hasSuffix(".csv") {
            try read(rows: ProblemTable.rowsOfCSV(lines, file: path), file: path)
        } else if path.hasSuffix(".jsonl") {
            try read(rows: ProblemTable.rowsOfJSON(lines, file: path), file: path)
        } else {
            var reader = BenchdnnReader(isTransposed: path.contains("deconv"))
            try reader.read(path, lines, into: &self)
        }
        if count == 0 { throw ProblemListError(path, nil, "there is no problem in it") }
    }

    /// Makes the problems smaller that are too large, and keeps their names.
    public mutating func reduce(by reduction: Reduction) {
        for place in entries.indices {
            let listed = entries[place].problem
            entries[place].problem = reduction.reduced(listed)
            if entries[place].problem != listed { entries[place].listed = listed }
        }
    }

    /// How many problems it has, how many are ours, and why the others are not, in a sentence.
    public var summary: String {
        func are(_ number: Int) -> String { number == 1 ? "1 is" : "\(number) are" }
        let ours = entries.isEmpty ? "none is ours" : "\(are(count - skipped.values.reduce(0, +))) ours"
        let reasons = skipped.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let parts =
            [count == 1 ? "1 problem" : "\(count) problems", ours]
            + (repeated > 0 ? ["\(repeated) of them \(repeated == 1 ? "stands" : "stand") there twice"] : [])
            + (bare > 0 ? ["\(are(bare)) taken without what is done to the results"] : [])
            + reasons.map { "\(are($0.value)) not: \($0.key)" }
        return parts.joined(separator: "; ")
    }

    static func lines(of path: String) throws(ProblemListError) -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ProblemListError(path, nil, "there is no such file, or it cannot be read")
        }
        guard let text = String(data: data, encoding: .utf8) else { throw ProblemListError(path, nil, "is not UTF-8") }
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    private mutating func read(rows: [ProblemTable.Row], file: String) throws(ProblemListError) {
        for row in rows {
            count += 1
            add(try row.problem(file: file), name: try row.name(file: file), place: "\(file):\(row.line)")
        }
    }

    /// Takes a problem that is ours.
    mutating func add(_ problem: Problem, name: String, place: String) {
        guard known.insert(problem).inserted else {
            repeated += 1
            return
        }
        let plain = name.unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isPlain || "-_.:+".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
        }
        entries.append(Entry(place: place, name: String(plain.prefix(80)), problem: problem))
    }

    /// Counts a problem that is not ours.
    mutating func skip(_ reason: String) { skipped[reason, default: 0] += 1 }
}

/// What is wrong with a list of problems, and where.
public struct ProblemListError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ file: String, _ line: Int?, _ words: String) {
        description = "\(file)" + (line.map { ":\($0)" } ?? "") + ": \(words)"
    }
}
