internal import CHDF5

/// An identifier of libhdf5, closed by `deinit`.
struct Handle: ~Copyable, Sendable {
    let identifier: hid_t
    private let close: @convention(c) @Sendable (hid_t) -> herr_t

    /// Takes over an identifier that a call of `function` has just returned; negative means that the call failed.
    ///
    /// Must run under the hold of the lock that made the call.
    init(
        _ identifier: hid_t, closedBy close: @escaping @convention(c) @Sendable (hid_t) -> herr_t,
        function: String, object: @autoclosure () -> String
    ) throws(HDF5Error) {
        guard identifier >= 0 else { throw HDF5Error(stackOf: function, object: object()) }
        self.identifier = identifier
        self.close = close
    }

    deinit {
        Library.close(identifier, with: close)
    }
}

/// Throws the library's own errors where a call of `function` returned a negative `status`.
///
/// Must run under the hold of the lock that made the call.
@discardableResult
func check<Status: SignedInteger>(
    _ status: Status, function: String, object: @autoclosure () -> String
) throws(HDF5Error) -> Status {
    guard status >= 0 else { throw HDF5Error(stackOf: function, object: object()) }
    return status
}
