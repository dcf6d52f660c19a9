/// A program and its arguments, as `--engine 'cmd:PROGRAM ARG...'` gives them.
///
/// Words are split and quoted as in a POSIX shell (single quotes, double quotes, backslashes), but no shell is
/// involved: variables, globs, pipes and redirections have no meaning and stay as they are.
public struct EngineCommand: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let text: String
    /// The program, then its arguments.
    public let words: [String]

    /// - Parameter text: the command without `cmd:`.
    /// - Throws: ``InvalidEngineCommand`` where there is no word, a quote without its end, or a backslash at the end.
    public init(_ text: String) throws(InvalidEngineCommand) {
        self.text = text
        words = try EngineCommand.split(text)
        if words.first?.isEmpty ?? true { throw InvalidEngineCommand(text: text, reason: "it names no program") }
    }

    /// A command from words that need no splitting.
    ///
    /// - Precondition: there is at least one.
    public init(words: [String]) {
        precondition(!words.isEmpty, "a command names a program")
        self.words = words
        text = words.map(EngineCommand.quoted).joined(separator: " ")
    }

    /// A command under another name in messages.
    init(words: [String], text: String) {
        self.words = words
        self.text = text
    }

    public var description: String { text }

    private static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "-_./:=@%+,".utf8.contains(byte)
        }
        if plain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    /// Words by the rules of POSIX.1-2024, Shell Command Language, 2.2 Quoting.
    private static func split(_ text: String) throws(InvalidEngineCommand) -> [String] {
        var words: [String] = []
        var word: String?
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case " ", "\t", "\n":
                if let ended = word { words.append(ended) }
                word = nil
            case "'":
                guard let end = rest.firstIndex(of: "'") else {
                    throw InvalidEngineCommand(text: text, reason: "a single quote (') has no end")
                }
                word = (word ?? "") + String(rest[..<end])
                rest = rest[end...].dropFirst()
            case "\"":
                guard let quoted = doubleQuoted(&rest) else {
                    throw InvalidEngineCommand(text: text, reason: "a double quote (\") has no end")
                }
                word = (word ?? "") + quoted
            case "\\":
                guard let escaped = rest.popFirst() else {
                    throw InvalidEngineCommand(text: text, reason: "it ends with a backslash that quotes nothing")
                }
                // A quoted line end continues the line.
                if escaped != "\n" { word = (word ?? "") + String(escaped) }
            default:
                word = (word ?? "") + String(scalar)
            }
        }
        if let ended = word { words.append(ended) }
        return words
    }

    /// What stands before the closing double quote; a backslash quotes only what is special there.
    private static func doubleQuoted(_ rest: inout Substring.UnicodeScalarView) -> String? {
        var text = ""
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return text }
            guard scalar == "\\", let next = rest.first, "$`\"\\\n".unicodeScalars.contains(next) else {
                text.unicodeScalars.append(scalar)
                continue
            }
            rest.removeFirst()
            if next != "\n" { text.unicodeScalars.append(next) }
        }
        return nil
    }
}

/// A command that cannot be split into words.
public struct InvalidEngineCommand: Error, Hashable, CustomStringConvertible {
    public let text: String
    /// One sentence without its subject's name.
    public let reason: String

    public var description: String { "the command '\(text)' cannot be understood: \(reason)" }
}
