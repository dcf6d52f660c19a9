internal import CChildProcess
internal import Synchronization

/// The process that kills this process's engines, with all that they started in their process groups, as soon as this
/// process is gone, in whatever way: by an exit, a crash, or a signal that nobody can catch.
///
/// An engine that hangs does not see the end of its input, and would outlive a run that is cut off.
enum Guardian {
    private static let descriptor = Mutex<Int32?>(nil)

    /// This process's end of the stream to the guardian, which is started at the first call and kept for ever.
    static func stream() throws(SystemError) -> Int32 {
        try descriptor.withLock { descriptor throws(SystemError) in
            if let descriptor { return descriptor }
            var started: Int32 = -1
            try SystemError.check(cchild_start_guardian(&started), "start the process that ends engines")
            descriptor = started
            return started
        }
    }

    /// Takes a child that is about to be waited for out of its care: afterwards its number may be another's.
    static func release(_ pid: Int32) {
        guard let stream = descriptor.withLock({ $0 }) else { return }
        cchild_tell_guardian(stream, -pid)
    }
}
