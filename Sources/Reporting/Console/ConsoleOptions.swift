/// How the console report looks.
public struct ConsoleOptions: Sendable {
    /// How much is written.
    public enum Verbosity: Hashable, Sendable {
        /// Failures and the last line.
        case quiet
        case normal
        /// Every result.
        case verbose
    }

    public var verbosity = Verbosity.normal
    /// Whether text is coloured. Whether it should be (a terminal, `NO_COLOR`) is for the caller to find out.
    public var usesColor = false
    /// The columns of the terminal, for a line that shows the progress; `nil` for no such line, as in a pipe.
    public var progressColumns: Int?
    /// How a failing check is run again.
    public var repeatCommand = RepeatCommand()
    /// How many failures of an engine are explained in full.
    public var explainedFailures = 20
    /// How many failures of an engine are shown at all; the rest are counted.
    public var shownFailures = 200

    public init() {}
}
