/// Text that came from an engine or a file, made harmless.
enum SafeText {
    /// How many characters of one text a report shows.
    static let limit = 4000

    /// The lines of a text, clipped, without characters that could steer a terminal.
    static func lines(_ text: String) -> [String] {
        clipped(text).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            printable(line)
        }
    }

    /// Text without control characters: a tab becomes a space, any other U+FFFD.
    static func printable(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            scalars.append(isControl(scalar) ? (scalar == "\t" ? " " : "\u{FFFD}") : scalar)
        }
        return String(scalars)
    }

    /// The same in one line.
    static func line(_ text: String) -> String {
        lines(text).map { $0.trimmed }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
    }

    private static func clipped(_ text: String) -> String {
        guard text.utf8.count > limit,
            let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex), end < text.endIndex
        else { return text }
        return "\(text[..<end])... (\(Numbers.count(text[end...].utf8.count)) more bytes)"
    }
}

extension String {
    fileprivate var trimmed: Substring {
        let tail = drop { $0 == " " }
        return tail.dropLast(tail.reversed().prefix { $0 == " " }.count)
    }
}
