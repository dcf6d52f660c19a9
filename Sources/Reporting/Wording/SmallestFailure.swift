internal import Conformance

/// The smallest case that each engine failed: the one to begin with, wherever it stood in the run.
struct SmallestFailure {
    private var smallest: [String: (size: CaseSize, result: CaseResult)] = [:]
    private var counts: [String: Int] = [:]

    /// Notes a failure; of two cases of one size the first counts.
    mutating func note(_ result: CaseResult) {
        if result.status == .missing || result.status == .xpass { return }
        counts[result.engine, default: 0] += 1
        let size = CaseSize(result.header)
        if let known = smallest[result.engine], known.size <= size { return }
        smallest[result.engine] = (size, result)
    }

    /// What to say of an engine that failed more than once: case, size and reason, and how to run it again.
    func lines(of engine: String, header: RunHeader?, command: RepeatCommand, columns: Int) -> [String] {
        guard let (size, result) = smallest[engine], counts[engine, default: 0] > 1 else { return [] }
        let title = "smallest failing case of \(SafeText.line(engine)): \(SafeText.line(result.title))"
        let sentence = size.text.isEmpty ? title : "\(title) (\(size.text))"
        return WrappedText.lines(sentence, columns: columns, indent: 2)
            + WrappedText.lines("  " + SafeText.line(result.reason), columns: columns)
            + ["  repeat   " + SafeText.printable(command.command(for: result, of: header))]
    }
}
