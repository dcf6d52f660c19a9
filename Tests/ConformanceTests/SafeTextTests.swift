import Testing

@testable import Conformance

struct SafeTextTests {
    @Test(arguments: [
        ("::error::x", ": :error::x"), ("  ::x", "  : :x"), ("std::vector", "std::vector"), ("a ::b", "a : :b"),
        (":::", ": : :"), ("##[x]", "# #[x]"), ("a##[x", "a# #[x"), ("###[x", "## #[x"), ("##VSO[x", "# #VSO[x"),
        ("##teamcity[x", "# #teamcity[x"), ("## title", "## title"), ("####", "####"), ("", ""),
    ])
    func commandsAreParted(_ text: String, _ safe: String) {
        #expect(SafeText.withoutCommands(text) == safe)
        #expect(SafeText.withoutCommands(safe) == safe)
    }

    @Test(arguments: [
        ("a\tb", "a b"), ("é ü 漢字 🙂 ❤\u{FE0F}", "é ü 漢字 🙂 ❤\u{FE0F}"), ("a\u{1B}b", "a\u{FFFD}b"),
        ("a\u{202E}b\u{200B}c", "a\u{FFFD}b\u{FFFD}c"),
    ])
    func whatCanBeSeenStays(_ text: String, _ safe: String) {
        #expect(SafeText.printable(text) == safe)
    }
}
