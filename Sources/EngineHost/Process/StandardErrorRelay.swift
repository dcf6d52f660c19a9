internal import CChildProcess
internal import Conformance
internal import Glibc

/// Takes a child's standard error, line by line: passed on where all goes well, shown in the message where it fails.
///
/// What arrives is held until it is known which of the two it is. Of a long text the beginning is passed on meanwhile.
final class StandardErrorRelay {
    private static let longestLine = 8192
    private static let mostHeld = 1000
    /// How many lines of the beginning and of the end a message shows, and how much of each.
    private static let shownLines = 10
    private static let shownCharacters = 160

    private var source: Descriptor?
    /// The descriptor to poll, or -1, which `poll` ignores, where the child and all that it started have closed theirs.
    private(set) var pollable: Int32
    private let sink: @Sendable (String) -> Void
    /// What has arrived of a line that has not ended.
    private var partial: [UInt8] = []
    private var held: [String] = []
    /// The first lines since the last ``release()``, and how many there were in all.
    private var head: [String] = []
    private var count = 0

    init(_ source: consuming Descriptor, sink: @escaping @Sendable (String) -> Void) throws(SystemError) {
        try source.makeNonblocking()
        self.pollable = source.number
        self.source = consume source
        self.sink = sink
    }

    /// Passes on what was held: nobody will ask for it.
    func release() {
        held.forEach(sink)
        forget()
    }

    /// The beginning and the end of what has arrived since the last release, which is then not passed on.
    func takeExcerpt() -> [String] {
        if !partial.isEmpty { emit() }
        defer { forget() }
        let tail = held.suffix(min(StandardErrorRelay.shownLines, count - head.count))
        let omitted = count - head.count - tail.count
        let gap = omitted > 0 ? ["(\(omitted) more \(omitted == 1 ? "line" : "lines"))"] : []
        return head.map(clipped) + gap + tail.map(clipped)
    }

    private func clipped(_ line: String) -> String {
        let start = line.prefix(StandardErrorRelay.shownCharacters)
        return start.endIndex == line.endIndex ? line : start + "..."
    }

    private func forget() {
        held.removeAll()
        head.removeAll()
        count = 0
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
        count += 1
        if head.count < StandardErrorRelay.shownLines { head.append(line) }
        held.append(line)
        if held.count > StandardErrorRelay.mostHeld {
            let early = held.count / 2
            held[..<early].forEach(sink)
            held.removeFirst(early)
        }
    }
}
