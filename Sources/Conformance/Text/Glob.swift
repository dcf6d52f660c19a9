internal import Glibc

/// A shell pattern: `*` any text, `?` one character, `[...]` one of a set.
package struct Glob: Hashable, Sendable {
    package let pattern: String

    package init(_ pattern: String) {
        self.pattern = pattern
    }

    /// Whether the whole text matches (fnmatch(3)).
    package func matches(_ text: String) -> Bool {
        fnmatch(pattern, text, 0) == 0
    }
}
