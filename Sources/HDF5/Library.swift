internal import CHDF5

/// libhdf5 as a whole: its set-up, and the one lock around every call of it.
///
/// Debian's libhdf5 is not thread-safe, and its error stack is one for the process: a call and the reading of its
/// errors must happen under the same hold of the lock.
enum Library {
    fileprivate static let lock = RecursiveLock()

    /// What is done once, before the first call.
    private static let isReady: Bool = {
        // Without this a thread that is still reading while `main` returns would meet a closed library.
        H5dont_atexit()
        guard H5open() >= 0 else { return false }
        // A file may name filters that are no part of the library: no plug-in is looked for, let alone run.
        H5PLset_loading_state(0)
        return true
    }()

    /// Runs `body` alone in the process, with the printing of errors off.
    static func locked<Result: ~Copyable>(
        _ body: () throws(HDF5Error) -> Result
    ) throws(HDF5Error) -> Result {
        lock.lock()
        defer { lock.unlock() }
        guard isReady else { throw HDF5Error("the library does not start", function: "H5open") }
        // Automatic printing is a property of the thread where the library is thread-safe, so it is set each time.
        H5Eset_auto2(chdf5_default_error_stack(), nil, nil)
        return try body()
    }

    /// Closes `identifier`; a failure to close has nobody to tell.
    static func close(_ identifier: hid_t, with function: @convention(c) (hid_t) -> herr_t) {
        lock.lock()
        defer { lock.unlock() }
        _ = function(identifier)
    }
}

/// Keeps libhdf5 for the thread that makes it, until it is gone: for many small calls, each of which would wait for the
/// calls of others.
public struct LibraryHold: ~Copyable {
    public init() { Library.lock.lock() }

    deinit { Library.lock.unlock() }
}
