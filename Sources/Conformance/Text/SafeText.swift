/// Text that came from an engine or a file, made harmless for whoever reads it: a terminal, a CI system, a person.
///
/// Everything that an engine, a golden file or a command line put into a report passes through here, once. What Markdown
/// and XML need besides is added on top of it by `MarkdownText` and `XMLText`.
package enum SafeText {
    /// How many characters of one text a report shows.
    package static let limit = 4000

    /// The lines of a text, clipped, each as ``printable(_:)`` makes it.
    package static func lines(_ text: String) -> [String] {
        clipped(text).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { printable($0) }
    }

    /// The same in one line.
    package static func line(_ text: String) -> String {
        if isPlain(text), text.utf8.count <= limit, text.utf8.first != 0x20, text.utf8.last != 0x20 { return text }
        let joined = lines(text).map { $0.trimmed }.filter { !$0.isEmpty }.joined(separator: " ")
        return withoutCommands(joined)
    }

    /// Text in one line whose every character can be seen, and which no CI system takes for a command: a tab becomes a
    /// space, what steers a terminal or hides U+FFFD.
    package static func printable(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            scalars.append(isHarmful(scalar) ? (scalar == "\t" ? " " : "\u{FFFD}") : scalar)
        }
        return withoutCommands(String(scalars))
    }

    /// A line in which `::` begins no word, and `##` stands before no `[`, `vso[` or `teamcity[`: a space parts them.
    ///
    /// GitHub takes `::error::` for a command at the beginning of a line, also after spaces, and a line may be broken at any
    /// word; `##[`, Azure's `##vso[` and TeamCity's `##teamcity[` are commands anywhere.
    package static func withoutCommands(_ line: String) -> String {
        guard line.contains("::") || line.contains("##") else { return line }
        var result = String.UnicodeScalarView()
        var rest = line.unicodeScalars[...]
        var isWordStart = true
        while let scalar = rest.popFirst() {
            result.append(scalar)
            let mayBegin = isWordStart && scalar == ":" && rest.first == ":"
            let mayInstruct = scalar == "#" && rest.first == "#" && isInstruction(rest.dropFirst())
            if mayBegin || mayInstruct { result.append(" ") }
            isWordStart = scalar.properties.isWhitespace || mayBegin
        }
        return String(result)
    }

    /// Whether a text is printable ASCII without `##` and `::`, as nearly all are: nothing has to be done to it.
    package static func isPlain(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var last: UInt8 = 0
            for byte in bytes {
                let isDoubled = byte == last && (byte == UInt8(ascii: "#") || byte == UInt8(ascii: ":"))
                if byte < 0x20 || byte > 0x7E || isDoubled { return false }
                last = byte
            }
            return true
        }
    }

    /// Whether a scalar steers a terminal, ends a line, or cannot be seen: a control character (C0, C1), a format
    /// character (directions, joiners, zero width), a line or paragraph separator, what is ignored by default, or no
    /// character at all. Variation selectors, which choose between pictures of the character before, are not.
    package static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: break
        }
        return properties.isNoncharacterCodePoint
            || (properties.isDefaultIgnorableCodePoint && !properties.isVariationSelector)
    }

    private static func isInstruction(_ rest: Substring.UnicodeScalarView) -> Bool {
        ["[", "vso[", "teamcity["].contains { word in
            rest.prefix(word.unicodeScalars.count).map { String($0).lowercased() }.joined() == word
        }
    }

    private static func clipped(_ text: String) -> String {
        guard text.utf8.count > limit,
            let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex), end < text.endIndex
        else { return text }
        return "\(text[..<end])... (\(text[end...].utf8.count.groupedDescription) more bytes)"
    }
}

extension String {
    fileprivate var trimmed: Substring {
        let tail = drop { $0 == " " }
        return tail.dropLast(tail.reversed().prefix { $0 == " " }.count)
    }
}
