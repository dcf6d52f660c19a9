import EngineHost
import Testing

struct EngineCommandTests {
    @Test(arguments: [
        ("python3 engine.py", ["python3", "engine.py"]),
        ("  a\tb\nc  ", ["a", "b", "c"]),
        ("a 'b c' d", ["a", "b c", "d"]),
        (#"a "b 'c' d""#, ["a", "b 'c' d"]),
        (#"a b\ c"#, ["a", "b c"]),
        (#"a'b'"c"d"#, ["abcd"]),
        (#"a '' """#, ["a", "", ""]),
        (#"a 'b\n'"#, ["a", #"b\n"#]),
        (#"a "\$HOME \"x\" \\ \n""#, ["a", #"$HOME "x" \ \n"#]),
        ("a b\\\nc \"d\\\ne\"", ["a", "bc", "de"]),
        ("a $HOME * | > ~", ["a", "$HOME", "*", "|", ">", "~"]),
        ("a 'größe' e\u{301}", ["a", "größe", "e\u{301}"]),
    ])
    func `Words are split as a shell splits them`(_ text: String, _ words: [String]) throws {
        let command = try EngineCommand(text)
        #expect(command.words == words)
        #expect(command.text == text)
        #expect(try EngineCommand(EngineCommand(words: words).text).words == words)
    }

    @Test(arguments: [
        ("", "names no program"), ("  ", "names no program"), ("''", "names no program"),
        ("a 'b", "single quote"), ("a \"b", "double quote"), (#"a "b\""#, "double quote"), (#"a \"#, "backslash"),
    ])
    func `What has no end is refused`(_ text: String, _ says: String) throws {
        let error = #expect(throws: InvalidEngineCommand.self) { try EngineCommand(text) }
        #expect(error?.description.contains(says) == true)
        #expect(error?.description.contains("'\(text)'") == true)
    }
}
