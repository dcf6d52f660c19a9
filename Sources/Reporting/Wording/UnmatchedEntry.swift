internal import Conformance

/// An entry of a baseline that matches nothing, in words.
enum UnmatchedEntry {
    static func sentence(_ entry: Baseline.Entry, header: RunHeader?) -> String {
        let name = SafeText.line(header?.baseline?.name ?? "")
        return "baseline '\(name)', line \(entry.line): nothing failed as it lists: "
            + SafeText.line(BaselineFile.text(of: entry))
    }
}
