internal import CChildProcess
internal import Glibc

/// An open file descriptor, closed at the end of its life.
struct Descriptor: ~Copyable {
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Reads nothing and swallows everything.
    static func null() throws(SystemError) -> Descriptor {
        let number = open("/dev/null", O_RDWR | O_CLOEXEC)
        if number < 0 { throw .last("open /dev/null") }
        return Descriptor(owning: number)
    }

    /// Makes reads and writes return at once; it concerns everybody who shares the open file.
    func makeNonblocking() throws(SystemError) {
        let flags = fcntl(number, F_GETFL)
        if flags < 0 || fcntl(number, F_SETFL, flags | O_NONBLOCK) < 0 { throw .last("make a pipe non-blocking") }
    }
}

/// Two connected descriptors, inherited by no child that is not given them.
struct Pipe: ~Copyable {
    /// Enough for most requests as a whole, so that neither side waits for the other in the middle of a tensor.
    static let capacity: Int32 = 1 << 20

    let readEnd: Descriptor
    let writeEnd: Descriptor

    /// So many descriptors are left for others: where children took the last one, golden files could not be opened.
    private static let reserve = 24

    init() throws(SystemError) {
        var ends: (read: Int32, write: Int32) = (-1, -1)
        try SystemError.check(cchild_pipe(&ends.read, &ends.write, Pipe.capacity), "make a pipe")
        var limit = rlimit()
        // The system gives the lowest numbers that are free.
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            UInt(max(ends.read, ends.write)) + UInt(Pipe.reserve) > limit.rlim_cur
        {
            close(ends.read)
            close(ends.write)
            throw SystemError(attempt: "make a pipe", code: EMFILE)
        }
        readEnd = Descriptor(owning: ends.read)
        writeEnd = Descriptor(owning: ends.write)
    }
}
