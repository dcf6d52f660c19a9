internal import Glibc

/// A stream of messages to and from another process: lines, and raw bytes that follow them.
///
/// Writing and reading go on together, so that neither side can block the other by writing before it has read, and
/// under one deadline. With blocking descriptors and no deadline it is the engine's side of the stream as well.
/// Used by one thread at a time.
final class MessageChannel {
    /// The longest line that is accepted, in bytes.
    static let longestLine = 1 << 16
    /// How long to wait before looking at the time, and whether the other side is still there, in milliseconds.
    private static let patience: Int32 = 100

    private let source: Descriptor
    private var sink: Descriptor?
    private var sinkNumber: Int32
    private let errors: StandardErrorRelay?
    private let peerHasExited: () -> Bool
    private let excess: () -> String?

    private var buffer = [UInt8](repeating: 0, count: MessageChannel.longestLine)
    /// Where in `buffer` the bytes lie that have been read and not been asked for.
    private var unread = 0..<0
    private var outgoing = OutgoingMessage.nothing
    private var deadline = Deadline.never
    /// When to look again at what the other side takes.
    private var nextLook = ContinuousClock.now
    /// What has been received of what is being awaited.
    private var progress: String?

    /// - Parameters:
    ///   - errors: a relay to keep going meanwhile.
    ///   - peerHasExited: whether the other side is gone although somebody else still holds its end of the pipe.
    ///   - excess: of what the other side takes too much, in words, to be ended for it.
    init(
        reading source: consuming Descriptor, writing sink: consuming Descriptor, errors: StandardErrorRelay? = nil,
        peerHasExited: @escaping () -> Bool = { false }, excess: @escaping () -> String? = { nil }
    ) {
        self.source = source
        self.sinkNumber = sink.number
        self.sink = consume sink
        self.errors = errors
        self.peerHasExited = peerHasExited
        self.excess = excess
    }

    /// Sends a message and receives what `receive` reads, all by `deadline`.
    func exchange<Answer>(
        _ message: [UnsafeRawBufferPointer], by deadline: Deadline, receive: () throws(ExchangeFailure) -> Answer
    ) throws(ExchangeFailure) -> Answer {
        self.deadline = deadline
        outgoing = OutgoingMessage(message)
        progress = nil
        defer { outgoing = .nothing }
        outgoing.write(to: sinkNumber)
        let answer = try receive()
        while outgoing.isPending {
            if try !waitUntilReady(toRead: false) { break }
        }
        return answer
    }

    /// The next line without its end, or `nil` at the end of the stream.
    func readLine() throws(ExchangeFailure) -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer[unread].dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = end + 1..<unread.upperBound }
                progress = nil
                return Array(buffer[unread.lowerBound..<end])
            }
            searched = unread.count
            if searched > 0 { progress = "received \(excerpt(buffer[unread])) without an end of line" }
            if searched == MessageChannel.longestLine {
                throw .malformed(
                    "received \(excerpt(buffer[unread])), without an end of line in \(searched) bytes; expected a message"
                )
            }
            if try !fillBuffer() {
                if searched == 0 { return nil }
                throw .ended(within: "a line: \(excerpt(buffer[unread]))")
            }
        }
    }

    /// Whether the stream ends where a message could begin. Waits until there is one.
    func isAtEnd() throws(ExchangeFailure) -> Bool {
        if !unread.isEmpty { return false }
        return try !fillBuffer()
    }

    /// Fills `memory` with the bytes that come next.
    ///
    /// - Parameter name: what they are, for messages.
    func read(_ name: String, into memory: UnsafeMutableRawBufferPointer) throws(ExchangeFailure) {
        let ready = min(unread.count, memory.count)
        buffer.withUnsafeBytes { memory.copyMemory(from: .init(rebasing: $0[unread.prefix(ready)])) }
        unread = unread.dropFirst(ready)
        var received = ready
        while received < memory.count {
            let count = Glibc.read(source.number, memory.baseAddress! + received, memory.count - received)
            let failure = errno
            if count > 0 {
                received += count
                continue
            }
            progress = "received \(received) of \(memory.count) bytes of \(name)"
            if count < 0, try waitAfterFailedRead(failure) { continue }
            throw .ended(within: "\(name), after \(received) of \(memory.count) bytes")
        }
        progress = nil
    }

    /// What has arrived without being asked for.
    func unexpectedBytes() -> [UInt8] {
        if unread.isEmpty {
            unread = 0..<0
            let count = Glibc.read(source.number, &buffer, buffer.count)
            if count > 0 { unread = 0..<count }
        }
        return Array(buffer[unread])
    }

    /// Ends the stream to the other side, and discards what it says until it has ended its own.
    func finish(by deadline: Deadline) {
        sink = nil
        sinkNumber = -1
        self.deadline = deadline
        outgoing = .nothing
        // A failure is the deadline, and who never stops talking is not waited for: nobody waits for these bytes.
        while !deadline.hasPassed, (try? discard()) == true {}
    }

    private func discard() throws(ExchangeFailure) -> Bool {
        unread = 0..<0
        return try fillBuffer()
    }

    /// Reads into the buffer what there is, at least a byte; `false` at the end of the stream.
    private func fillBuffer() throws(ExchangeFailure) -> Bool {
        if unread.lowerBound > 0 {
            buffer.withUnsafeMutableBytes { $0.copyMemory(from: .init(rebasing: UnsafeRawBufferPointer($0)[unread])) }
            unread = 0..<unread.count
        }
        while true {
            let room = buffer.count - unread.upperBound
            let count = buffer.withUnsafeMutableBytes {
                Glibc.read(source.number, $0.baseAddress! + unread.upperBound, room)
            }
            if count > 0 {
                unread = unread.lowerBound..<unread.upperBound + count
                return true
            }
            if count == 0 { return false }
            if try !waitAfterFailedRead(errno) { return false }
        }
    }

    /// Waits where a read found nothing; `false` where the stream is broken.
    private func waitAfterFailedRead(_ failure: Int32) throws(ExchangeFailure) -> Bool {
        switch failure {
        case EINTR: return true
        case EAGAIN: return try waitUntilReady(toRead: true)
        default: return false
        }
    }

    /// Waits until there is something to read, or something has been written; `false` where the other side is gone.
    private func waitUntilReady(toRead: Bool) throws(ExchangeFailure) -> Bool {
        while true {
            if deadline.hasPassed { throw .late(lateness) }
            var polled = [
                pollfd(fd: toRead ? source.number : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: outgoing.isPending ? sinkNumber : -1, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: errors?.pollable ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&polled, nfds_t(polled.count), MessageChannel.patience)
            // Who keeps talking on its standard error is looked at all the same.
            if ready == 0 || ContinuousClock.now >= nextLook {
                nextLook = .now + .milliseconds(Int(MessageChannel.patience))
                if let words = excess() { throw .excessive(words) }
            }
            if ready == 0, peerHasExited() {
                // It may have said something, then gone, since the poll.
                return poll(&polled, 1, 0) > 0
            }
            if polled[2].revents != 0 { errors?.readAvailable() }
            if polled[1].revents != 0 {
                outgoing.write(to: sinkNumber)
                if !toRead { return true }
            }
            if polled[0].revents != 0 { return true }
        }
    }

    private var lateness: String {
        let unsent = outgoing.isPending ? "it took \(outgoing.sent) of \(outgoing.total) bytes of the request" : nil
        return [progress, unsent].compactMap { $0 }.joined(separator: "; ")
    }
}
