internal import CChildProcess
internal import Conformance
internal import Glibc
internal import Synchronization

/// Writes lines to this process's standard error, and never keeps its caller waiting: the reader may be slow, or may not
/// read at all.
///
/// What nobody takes is kept up to a limit; beyond it lines are dropped, counted, and the count is written in their place.
final class StandardErrorWriter: Sendable {
    static let shared: StandardErrorWriter = {
        atexit { StandardErrorWriter.shared.finish(patience: .seconds(1)) }
        return StandardErrorWriter(descriptor: STDERR_FILENO)
    }()

    private static let mostBytesWaiting = 1 << 20

    private struct State {
        var waiting: [String] = []
        var bytesWaiting = 0
        var dropped = 0
        var isWriting = false
        /// Changes whenever something has been written.
        var written = 0
    }

    private let descriptor: Int32
    private let state = Mutex(State())
    /// `nil` where the system had none left: then lines are written where they come from.
    private let thread = try? WorkThread()

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Adds a line, given without its end.
    func write(_ line: String) {
        let mustStart = state.withLock { state in
            if state.bytesWaiting + line.utf8.count > StandardErrorWriter.mostBytesWaiting {
                state.dropped += 1
            } else {
                StandardErrorWriter.tellOfDropped(&state)
                state.waiting.append(line)
                state.bytesWaiting += line.utf8.count
            }
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if !mustStart { return }
        if let thread { thread.perform { self.writeAll() } } else { writeAll() }
    }

    /// Waits until everything is written, or nobody has taken anything for as long as `patience`.
    func finish(patience: Duration) {
        var progress = -1
        var since = ContinuousClock.now
        while true {
            let (isDone, written) = state.withLock { (!$0.isWriting, $0.written) }
            if isDone { return }
            if written != progress { (progress, since) = (written, .now) }
            if .now - since >= patience { return }
            usleep(1000)
        }
    }

    private static func tellOfDropped(_ state: inout State) {
        if state.dropped == 0 { return }
        let lines = state.dropped == 1 ? "line" : "lines"
        state.waiting.append("(\(state.dropped) \(lines) dropped here: nobody read them in time)")
        state.dropped = 0
    }

    private func writeAll() {
        while true {
            let lines = state.withLock { state in
                if state.waiting.isEmpty { StandardErrorWriter.tellOfDropped(&state) }
                defer { state.waiting = [] }
                state.isWriting = !state.waiting.isEmpty
                return state.waiting
            }
            if lines.isEmpty { return }
            for line in lines {
                writeOne(line)
                state.withLock { state in
                    state.bytesWaiting = max(state.bytesWaiting - line.utf8.count, 0)
                    state.written += 1
                }
            }
        }
    }

    /// Writes a line in one piece where the system lets it.
    private func writeOne(_ line: String) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { rest in
                let piece = iovec(iov_base: UnsafeMutableRawPointer(mutating: rest.baseAddress), iov_len: rest.count)
                return withUnsafePointer(to: piece) { cchild_write(descriptor, $0, 1) }
            }
            switch count {
            case -Int(EINTR): continue
            case -Int(EAGAIN):
                // Somebody who shares the open file made it non-blocking.
                var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&polled, 1, -1)
            case ..<1: return
            default: bytes = bytes.dropFirst(count)
            }
        }
    }
}

/// Waits until what engines wrote to their standard error has been passed on to this process's, or nobody has taken
/// anything of it for as long as `patience`.
///
/// For a process that is about to end by `_exit`; one that calls `exit` need not call this.
public func finishRelaying(patience: Duration) {
    StandardErrorWriter.shared.finish(patience: patience)
}
