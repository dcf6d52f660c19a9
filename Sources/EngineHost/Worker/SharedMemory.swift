internal import CChildProcess
internal import Glibc

/// Memory that a runner shares with one of its workers, for the tensors of the request at hand.
///
/// Either side may make it larger, and neither smaller. The other side may write to it at any time: what it holds is copied
/// before it is looked at.
final class SharedMemory {
    /// What is not given back to the system after a request: the next one is often as large, and fresh memory is dear.
    private static let kept = 512 << 20
    /// What is not given back before a request that needs less.
    private static let keptAlways = 16 << 20
    /// Where a tensor may begin.
    private static let alignment = 64

    let number: Int32
    private let descriptor: Descriptor
    private(set) var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// Nothing lies behind it.
    private var end = 0

    init(owning descriptor: consuming Descriptor) {
        number = descriptor.number
        self.descriptor = consume descriptor
    }

    /// New memory, which is empty.
    convenience init() throws(SystemError) {
        let number = cchild_shared_memory()
        try SystemError.check(number, "make shared memory")
        self.init(owning: Descriptor(owning: number))
    }

    deinit {
        if !bytes.isEmpty { munmap(bytes.baseAddress, bytes.count) }
    }

    /// Where a tensor begins that is put behind so many bytes.
    static func place(behind count: Int) -> Int { place(behind: count, multipleOf: alignment) }

    private static func place(behind count: Int, multipleOf size: Int) -> Int { (count + size - 1) & -size }

    /// Makes it hold so many bytes at least.
    func reserve(_ count: Int) throws(SystemError) {
        end = max(end, count)
        if count <= bytes.count { return }
        let page = Int(getpagesize())
        let size = (max(count, 1 << 16) + page - 1) & -page
        if try currentSize() < size, ftruncate(number, size) < 0 { throw .last("make shared memory of \(size) bytes") }
        try map(size)
    }

    /// The bytes of a range that the other side names; `nil` where they are not there.
    func range(_ start: Int, _ count: Int) throws(SystemError) -> UnsafeMutableRawBufferPointer? {
        let (end, overflow) = start.addingReportingOverflow(count)
        guard start >= 0, count >= 0, !overflow else { return nil }
        if end > bytes.count {
            let size = try currentSize()
            if end > size { return nil }
            try map(size)
            self.end = size
        }
        return UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end])
    }

    /// Gives memory back to the system that only a larger request needed than one of so many bytes.
    func shrink(to count: Int) { give(behind: max(count, SharedMemory.keptAlways)) }

    /// Gives memory back to the system that only a very large request needed.
    func shrink() { give(behind: SharedMemory.kept) }

    private func give(behind kept: Int) {
        if end <= kept { return }
        let first = SharedMemory.place(behind: kept, multipleOf: Int(getpagesize()))
        if first < bytes.count { madvise(bytes.baseAddress! + first, bytes.count - first, MADV_REMOVE) }
        end = kept
    }

    /// Gives the memory before a place back to the system, where it is more than is kept; what it held is gone for both
    /// sides, but for the beginning of the page of that place.
    ///
    /// - Returns: whether it did.
    func drop(before place: Int, keeping kept: Int = kept) -> Bool {
        guard place > kept, place <= bytes.count, let start = bytes.baseAddress else { return false }
        return madvise(start, place & -Int(getpagesize()), MADV_REMOVE) == 0
    }

    /// How many bytes of the machine's memory it takes, whoever wrote them.
    var stored: Int {
        var status = stat()
        return fstat(number, &status) < 0 ? 0 : Int(status.st_blocks) * 512
    }

    private func currentSize() throws(SystemError) -> Int {
        var status = stat()
        if fstat(number, &status) < 0 { throw .last("look at shared memory") }
        return Int(status.st_size)
    }

    private func map(_ size: Int) throws(SystemError) {
        guard let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, number, 0), start != MAP_FAILED else {
            throw .last("map shared memory of \(size) bytes")
        }
        if !bytes.isEmpty { munmap(bytes.baseAddress, bytes.count) }
        bytes = UnsafeMutableRawBufferPointer(start: start, count: size)
    }
}
