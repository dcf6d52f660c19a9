internal import Conformance

/// Text as Markdown shows it, whatever it holds.
enum MarkdownText {
    /// A character that is not shown, and keeps GitHub from seeing a name or a number behind it.
    private static let stop = "\u{200B}"

    /// One line of plain text, also inside a table or a list: nothing in it is markup, a link or a mention.
    static func escaped(_ text: String) -> String {
        let line = SafeText.line(text)
        var result = ""
        var last: Character?
        for character in line {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "$": result += "<span>$</span>"
            case "\\", "`", "*", "_", "{", "}", "[", "]", "|", "~", "!": result += "\\\(character)"
            case "#": result += "\\#" + stop
            case "@": result += "@" + stop
            // No address becomes a link: "https://", "www.".
            case "/" where last == "/": result += stop + "/"
            case "." where result.lowercased().hasSuffix("www"): result += stop + "."
            case "-", "+", "=": result += last == nil ? "\\\(character)" : "\(character)"
            case ".", ")": result += isNumber(result) ? "\\\(character)" : "\(character)"
            default: result.append(character)
            }
            last = character
        }
        return result
    }

    /// The same within an element of HTML, where Markdown's own escapes are shown as they are.
    static func summary(_ text: String) -> String {
        var (result, last): (String, Unicode.Scalar) = ("", " ")
        for scalar in SafeText.line(text).unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", ",", "-", ":": result.unicodeScalars.append(scalar)
            // No address becomes a link, and no name or number a mention.
            case "/": result += last == "/" ? stop + "/" : "/"
            case "@", "#": result += "&#\(scalar.value);" + stop
            case ".": result += (result.lowercased().hasSuffix("www") ? stop : "") + "."
            case _ where scalar.isASCII: result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
            last = scalar
        }
        return result
    }

    /// Whether what stands before a point or a bracket would make the line an item of a numbered list.
    private static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.count < 10 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// A fenced block: the fence is longer than any in the text.
    static func block(_ lines: [String]) -> String {
        let longest = lines.map { $0.split { $0 != "`" }.map(\.count).max() ?? 0 }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return ([fence + "text"] + lines + [fence]).joined(separator: "\n")
    }
}
