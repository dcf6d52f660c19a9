internal import Reporting
internal import Synchronization

/// The process's standard output, for everything that a command says. A failure to write is kept until the end.
enum StandardOutput {
    private static let file = Mutex(OutputFile(standardOutput: ()))

    static func write(_ text: String) {
        file.withLock { $0.write(text) }
    }

    /// What kept the output from arriving, if anything did. A reader who left, as in `| head`, did not want more of it.
    static var failure: OutputError? { file.withLock { $0.failure } }
}

/// Prints lines; on a terminal those that are too long for it are broken at words.
///
/// It stands before Swift's own function of this name in all of this module: that one drops what does not arrive.
func print(_ text: String) {
    guard let columns = StandardStreams.columns else {
        StandardOutput.write(text + "\n")
        return
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        for part in WrappedText.lines(String(line), columns: columns, indent: 4) { StandardOutput.write(part + "\n") }
    }
}

/// The process's standard error.
enum StandardError {
    static func write(_ text: String) {
        StandardStreams.writeError(text)
    }

    /// Writes a line of the program's own.
    static func say(_ message: String) {
        write("\(CommandName.word): \(message)".harmless)
    }
}
