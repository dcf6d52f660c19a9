internal import Foundation

/// A shell pattern: `*` any text, `?` one character, `[...]` one of a set.
struct Glob {
    let pattern: String

    init(_ pattern: String) {
        self.pattern = pattern
    }

    /// Whether the whole text matches (fnmatch(3)).
    func matches(_ text: String) -> Bool {
        fnmatch(pattern, text, 0) == 0
    }
}
