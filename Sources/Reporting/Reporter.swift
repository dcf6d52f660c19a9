public import Conformance

/// A report of a run, made from its events alone.
///
/// A reporter is given every event of a run in order, writes through the closure that it was made with, and steers
/// nothing. It is called from one thread at a time:
///
///     var page = ""
///     let reporter = MarkdownReporter { page += $0 }
///     for event in events { reporter.receive(event) }
///
/// Names, reasons and notes are not its own: it writes none that has not passed through `SafeText`.
public protocol Reporter: AnyObject {
    /// Takes the next event: one start, every result, one end. A run that was cut off has no end.
    func receive(_ event: Event)
}
