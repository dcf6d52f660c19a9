/// Text as Markdown shows it, whatever it holds.
enum MarkdownText {
    /// One line of plain text, also inside a table: nothing in it is markup.
    static func escaped(_ text: String) -> String {
        SafeText.line(text).reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "|", "~", "!": result += "\\\(character)"
            // GitHub makes a mention of it.
            case "@": result += "@\u{200B}"
            default: result.append(character)
            }
        }
    }

    /// A fenced block: the fence is longer than any in the text.
    static func block(_ lines: [String]) -> String {
        let longest = lines.map { $0.split { $0 != "`" }.map(\.count).max() ?? 0 }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return ([fence + "text"] + lines + [fence]).joined(separator: "\n")
    }
}
