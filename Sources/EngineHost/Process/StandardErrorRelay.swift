internal import CChildProcess
internal import Conformance
internal import Glibc

/// Passes a child's standard error on, line by line, and remembers the last lines for messages.
final class StandardErrorRelay {
    private static let longestLine = 8192
    private static let tailLines = 20
    private static let mostHeld = 1000

    private var source: Descriptor?
    /// The descriptor to poll, or -1, which `poll` ignores, where the child and all that it started have closed theirs.
    private(set) var pollable: Int32
    private let sink: @Sendable (String) -> Void
    /// What has arrived of a line that has not ended.
    private var partial: [UInt8] = []
    private var tailStorage: [String] = []
    /// Lines held back while nobody knows whether the engine starts: if it does not, the error shows them.
    private var held: [String]? = []

    init(_ source: consuming Descriptor, sink: @escaping @Sendable (String) -> Void) throws(SystemError) {
        try source.makeNonblocking()
        self.pollable = source.number
        self.source = consume source
        self.sink = sink
    }

    /// The last lines, oldest first.
    var tail: [String] { tailStorage }

    /// Passes on what was held back, and everything from now on as it comes.
    func release() {
        held?.forEach(sink)
        held = nil
    }

    /// Takes some of what has arrived; returns without waiting, and says whether there was anything.
    ///
    /// Some, not all: a child that never stops talking must not keep its caller from looking at the clock.
    @discardableResult
    func readAvailable() -> Bool {
        guard pollable >= 0 else { return false }
        var chunk = [UInt8](repeating: 0, count: StandardErrorRelay.longestLine)
        let count = read(pollable, &chunk, chunk.count)
        if count < 0, errno == EINTR { return true }
        if count < 0, errno == EAGAIN { return false }
        if count > 0 {
            take(chunk[..<count])
            return true
        }
        source = nil
        pollable = -1
        if !partial.isEmpty { emit() }
        return false
    }

    /// Takes what is left once the child is gone: no more than a pipe holds, in case somebody else still writes.
    func drain() {
        var left = Pipe.capacity / Int32(StandardErrorRelay.longestLine) + 1
        while left > 0, readAvailable() { left -= 1 }
    }

    private func take(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                emit()
            } else {
                partial.append(byte)
                if partial.count == StandardErrorRelay.longestLine { emit() }
            }
        }
    }

    private func emit() {
        let line = SafeText.printable(String(decoding: partial, as: UTF8.self))
        partial.removeAll(keepingCapacity: true)
        tailStorage.append(line)
        if tailStorage.count > StandardErrorRelay.tailLines { tailStorage.removeFirst() }
        if held != nil { held?.append(line) } else { sink(line) }
        if let held, held.count == StandardErrorRelay.mostHeld { release() }
    }
}
