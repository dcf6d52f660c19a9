public import Conformance
internal import RunRecord

/// The record of a run, written as the run goes: see `RecordFormat`. A file without a footer is a run that was cut off.
public final class JSONLinesReporter: Reporter {
    private let write: (String) -> Void

    /// - Parameter write: takes each line, with its line feed, as soon as it is known.
    public init(write: @escaping (String) -> Void) {
        self.write = write
    }

    public func receive(_ event: Event) {
        write(RecordFormat.line(for: event))
    }
}
