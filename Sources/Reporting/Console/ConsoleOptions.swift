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
    /// The columns of the terminal, at which lines are broken.
    public var columns = 80
    /// Whether a line that is written over and over shows the progress: on a terminal, not in a pipe.
    public var showsProgress = false
    /// How a failing check is run again.
    public var repeatCommand = RepeatCommand()
    /// Whether each failure is shown, not only what they have in common.
    public var explainsFailures = true
    /// How many failures of an engine are explained in full.
    public var explainedFailures = 20
    /// How many failures of an engine are shown at all; the rest are counted.
    public var shownFailures = 200

    public init() {}
}
