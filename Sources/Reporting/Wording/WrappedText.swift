/// Text broken at words, so that a terminal need not break it within one.
public enum WrappedText {
    /// The lines of a text, each of so many columns at most where no single word is longer.
    ///
    /// - Parameter indent: columns by which the second and every further line are indented, besides the spaces that the
    ///   text begins with.
    public static func lines(_ text: String, columns: Int, indent: Int = 0) -> [String] {
        if text.columns <= columns { return [text] }
        let leading = text.prefix { $0 == " " }
        let margin = String(repeating: " ", count: indent) + leading
        var lines: [String] = []
        var line = String(leading)
        var isEmpty = true
        for word in text.dropFirst(leading.count).split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, line.columns + 1 + word.columns > columns {
                lines.append(line)
                (line, isEmpty) = (margin, true)
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return lines + [line]
    }
}

extension StringProtocol {
    /// How many columns the text takes, colours not counted.
    var columns: Int {
        guard contains("\u{1B}") else { return count }
        var count = 0
        var isEscape = false
        for character in self {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape { count += 1 }
            if isEscape, character == "m" { isEscape = false }
        }
        return count
    }
}
