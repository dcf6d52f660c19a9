internal import CChildProcess
internal import Glibc

/// Bytes on their way to the other side, written from where they lie.
struct OutgoingMessage {
    private var pieces: ArraySlice<iovec>
    /// How many bytes the other side's pipe has taken.
    private(set) var sent = 0
    let total: Int

    static var nothing: OutgoingMessage { OutgoingMessage([]) }

    /// - Parameter pieces: memory that stays valid until the last ``write(to:)``.
    init(_ pieces: [UnsafeRawBufferPointer]) {
        self.pieces =
            pieces.filter { !$0.isEmpty }
            .map { iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count) }[...]
        total = pieces.reduce(0) { $0 + $1.count }
    }

    var isPending: Bool { !pieces.isEmpty }

    /// Writes as much as the descriptor takes at once.
    ///
    /// Where nobody reads any more, the rest is dropped: whether that is a fault shows in the answer.
    mutating func write(to descriptor: Int32) {
        while isPending {
            let count = pieces.withUnsafeBufferPointer { pieces in
                cchild_write(descriptor, pieces.baseAddress, Int32(pieces.count))
            }
            switch count {
            case -Int(EINTR): continue
            case -Int(EAGAIN): return
            case ..<0: pieces = []
            default: advance(by: count)
            }
        }
    }

    private mutating func advance(by count: Int) {
        sent += count
        var left = count
        while let first = pieces.first, first.iov_len <= left {
            left -= first.iov_len
            pieces.removeFirst()
        }
        if left > 0, let first = pieces.first {
            pieces[pieces.startIndex] = iovec(iov_base: first.iov_base + left, iov_len: first.iov_len - left)
        }
    }
}
