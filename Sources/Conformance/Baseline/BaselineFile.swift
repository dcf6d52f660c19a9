internal import Convolution

/// A line of a baseline that is none.
public struct BaselineError: Error, Hashable, CustomStringConvertible {
    public let description: String
}

/// A baseline as text: one entry a line, `#` begins a comment.
///
///     # What is to be known of these.
///     pytorch  degenerate/no-channels-*  fail  it answers without filters  https://...
///     "my engine"  grid/a@NCHW/OIHW  crash  under investigation
///     mine  *  finding:swapped-strides  fixed in the next release
///     mine  int8/*  fail?  sums saturate on processors without VNNI
///
/// Engine, pattern and status are words. Behind a status `?` says that it may pass as well. In the place of a status a finding may stand, the known mistake that the failing
/// answers are exactly those of. The reason follows, and a last word that begins with `http://` or `https://` is a
/// link. An engine whose name has spaces stands in quotation marks. Behind `@` are the layouts, where not all are meant.
public struct BaselineFile: Sendable {
    /// A line, and the entry that it holds.
    public struct Line: Sendable {
        public let text: String
        /// `nil` for a comment or an empty line.
        public let entry: Baseline.Entry?
    }

    public let name: String
    public let lines: [Line]

    public var baseline: Baseline { Baseline(name: name, entries: lines.compactMap(\.entry)) }

    /// Reads a baseline.
    ///
    /// - Parameter name: what messages call the file.
    /// - Throws: ``BaselineError`` for the first line that is no entry, with what is wrong and what was expected.
    public init(_ text: String, name: String) throws(BaselineError) {
        var lines: [Line] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let (number, words) = (lines.count + 1, line.drop { $0.isWhitespace })
            if words.isEmpty || words.first == "#" {
                lines.append(Line(text: String(line), entry: nil))
                continue
            }
            do throws(BaselineError) {
                lines.append(Line(text: String(line), entry: try BaselineFile.entry(words, number)))
            } catch {
                throw BaselineError(description: "baseline '\(name)', line \(number): \(error)")
            }
        }
        if lines.last?.text.isEmpty == true { lines.removeLast() }
        self.name = name
        self.lines = lines
    }

    private static func entry(_ text: Substring, _ line: Int) throws(BaselineError) -> Baseline.Entry {
        var rest = text
        let engine = try engine(&rest)
        let (pattern, status) = (word(&rest), word(&rest))
        if pattern.isEmpty { throw BaselineError(description: "there is no case behind the engine '\(engine)'") }
        let isFinding = status.hasPrefix(findingPrefix)
        let finding = isFinding ? String(status.dropFirst(findingPrefix.count)) : nil
        let mayPass = !isFinding && status.hasSuffix(mayPassSuffix)
        let name = mayPass ? String(status.dropLast(mayPassSuffix.count)) : status
        guard let known = isFinding ? .fail : Status(rawValue: name), Baseline.Entry.statuses.contains(known),
            finding != ""
        else {
            let words = Baseline.Entry.statuses.map(\.rawValue).joined(separator: ", ")
            throw BaselineError(
                description:
                    "the status is '\(status)', expected one of: \(words), with \(mayPassSuffix) behind it where it may pass as well, or \(findingPrefix)NAME"
            )
        }
        let parts = pattern.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        var words = rest.split(whereSeparator: \.isWhitespace)
        let isLinked = words.last.map { $0.hasPrefix("https://") || $0.hasPrefix("http://") } ?? false
        let link = isLinked ? words.popLast().map { String($0) } : nil
        if words.isEmpty { throw BaselineError(description: "there is no reason behind the status '\(status)'") }
        return Baseline.Entry(
            line: line, engine: engine, pattern: parts[0],
            layouts: parts.count == 2 ? try layouts(parts[1]) : nil, status: known, mayPass: mayPass,
            finding: finding, reason: words.joined(separator: " "), link: link)
    }

    private static let findingPrefix = "finding:"
    private static let mayPassSuffix = "?"

    private static func word(_ rest: inout Substring) -> String {
        rest = rest.drop { $0.isWhitespace }
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    private static func engine(_ rest: inout Substring) throws(BaselineError) -> String {
        guard rest.first == "\"" else { return word(&rest) }
        var name = ""
        var isEscaped = false
        rest = rest.dropFirst()
        while let character = rest.popFirst() {
            if !isEscaped, character == "\"" { return name }
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else {
                name.append(character)
                isEscaped = false
            }
        }
        throw BaselineError(description: "the engine's name has no second quotation mark")
    }

    private static func layouts(_ text: String) throws(BaselineError) -> LayoutPair {
        let words = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard words.count == 2, let activation = ActivationLayout(rawValue: words[0]),
            let filter = FilterLayout(rawValue: words[1])
        else { throw BaselineError(description: "the layouts are '\(text)', expected such as NHWC/HWIO") }
        return LayoutPair(activation, filter)
    }

    /// The line for an entry.
    public static func text(of entry: Baseline.Entry) -> String {
        let isWord = !entry.engine.isEmpty && entry.engine.allSatisfy { !$0.isWhitespace && !"\"#".contains($0) }
        let quoted = entry.engine.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }.joined()
        let words = [
            isWord ? entry.engine : "\"\(quoted)\"",
            entry.pattern + (entry.layouts.map { "@\($0)" } ?? ""),
            entry.finding.map { findingPrefix + $0 } ?? entry.status.rawValue + (entry.mayPass ? mayPassSuffix : ""),
            entry.reason,
        ]
        return (words + [entry.link].compactMap { $0 }).joined(separator: "  ")
    }
}
