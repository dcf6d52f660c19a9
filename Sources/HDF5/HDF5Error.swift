internal import CHDF5

/// Why something in an HDF5 file cannot be read or written.
public struct HDF5Error: Error, Hashable, Sendable {
    /// One entry of libhdf5's error stack.
    public struct Entry: Hashable, Sendable {
        /// The function inside libhdf5 that reported it.
        public let function: String
        /// What it said.
        public let message: String
    }

    /// What is wrong: a sentence without its full stop.
    public let message: String
    /// The C function that failed, or that the refused value came from.
    public let function: String
    /// The path inside the file of the object concerned, followed by `@name` for an attribute; the file's own path
    /// where the file as a whole is concerned; empty where nothing in particular is.
    public let object: String
    /// libhdf5's own error stack, innermost cause first; empty where this module refused what libhdf5 accepts.
    public let stack: [Entry]

    /// A refusal by this module, of what libhdf5 itself would accept.
    init(_ message: String, function: String, object: String = "") {
        self.message = message
        self.function = function
        self.object = object
        self.stack = []
    }

    /// The failure of a call of `function` just now, under the lock that is still held.
    init(stackOf function: String, object: String) {
        let stack = Self.currentStack()
        self.message = stack.first?.message ?? "the call failed and did not say why"
        self.function = function
        self.object = object
        self.stack = stack
    }

    /// The error stack of the last call, innermost cause first (`H5Ewalk2`).
    private static func currentStack() -> [Entry] {
        var entries: [Entry] = []
        withUnsafeMutablePointer(to: &entries) { pointer in
            let visit: H5E_walk2_t = { _, error, context in
                guard let error = error?.pointee, let context else { return 0 }
                context.assumingMemoryBound(to: [Entry].self).pointee.append(
                    Entry(
                        function: error.func_name.map { String(cString: $0) } ?? "",
                        message: error.desc.map { String(cString: $0) } ?? ""))
                return 0
            }
            H5Ewalk2(chdf5_default_error_stack(), H5E_WALK_UPWARD, visit, pointer)
        }
        return entries
    }
}

extension HDF5Error: CustomStringConvertible {
    /// `message (C function: what it said itself)`; ``stack`` has what lies between the two.
    public var reason: String {
        guard let outermost = stack.last?.message, outermost != message else { return "\(message) (\(function))" }
        return "\(message) (\(function): \(outermost))"
    }

    /// The reason, after the object that it is about.
    public var description: String {
        object.isEmpty ? reason : "\(object): \(reason)"
    }
}
