internal import Glibc

/// Memory for a library to work on, between two fences: bytes of a known value that nobody may write.
final class FencedMemory {
    static let alignment = 64
    private static let fence = 64
    private static let mark: UInt8 = 0xA5

    /// What the library is given: it begins at a multiple of ``alignment``.
    let bytes: UnsafeMutableRawBufferPointer
    private let all: UnsafeMutableRawBufferPointer

    /// Memory whose bytes have any value; `nil` where there is not so much.
    init?(count: Int) {
        var start: UnsafeMutableRawPointer?
        let (total, overflow) = count.addingReportingOverflow(2 * FencedMemory.fence)
        guard !overflow, posix_memalign(&start, FencedMemory.alignment, total) == 0, let start else { return nil }
        all = UnsafeMutableRawBufferPointer(start: start, count: total)
        bytes = UnsafeMutableRawBufferPointer(rebasing: all.dropFirst(FencedMemory.fence).prefix(count))
        memset(start, Int32(FencedMemory.mark), FencedMemory.fence)
        memset(start + FencedMemory.fence + count, Int32(FencedMemory.mark), FencedMemory.fence)
    }

    deinit {
        free(all.baseAddress)
    }

    /// How far somebody wrote beside the memory, in words, or `nil` where nobody did.
    var trespass: String? {
        if let first = all.prefix(FencedMemory.fence).firstIndex(where: { $0 != FencedMemory.mark }) {
            return reach(FencedMemory.fence - first) + " before the beginning"
        }
        let behind = all.suffix(FencedMemory.fence)
        guard let last = behind.lastIndex(where: { $0 != FencedMemory.mark }) else { return nil }
        return reach(last - behind.startIndex + 1) + " behind the end"
    }

    private func reach(_ count: Int) -> String {
        count == FencedMemory.fence ? "\(count) bytes or more" : "up to \(count) byte\(count == 1 ? "" : "s")"
    }
}
