internal import Dispatch
internal import Glibc
internal import Synchronization

/// A thread of its own, not one of a pool's: what blocks on it blocks nobody else.
///
/// It does one piece of work after the other, and ends with its owner.
package final class WorkThread: Sendable {
    /// An engine may call itself as deeply as on a program's main thread.
    private static let stackSize = 8 << 20

    private let queue: Queue

    /// - Throws: ``Shortage`` where the system has no thread left.
    package init() throws(Shortage) {
        let queue = Queue()
        self.queue = queue
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, WorkThread.stackSize)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(queue)
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<Queue>.fromOpaque(argument).takeRetainedValue().work() }
                return nil
            }, argument.toOpaque())
        if status != 0 {
            argument.release()
            throw Shortage("start a thread: \(String(cString: strerror(status)))")
        }
    }

    deinit {
        queue.add(nil)
    }

    /// The folder in which the system describes the thread, once it has begun.
    package var folder: String? { queue.folder }

    /// Adds to what is to be done, and returns at once.
    package func perform(_ work: @escaping @Sendable () -> Void) {
        queue.add(work)
    }

    private final class Queue: Sendable {
        private struct State {
            var work: [(@Sendable () -> Void)?] = []
            var folder: String?
        }

        private let state = Mutex(State())
        private let arrivals = DispatchSemaphore(value: 0)

        var folder: String? { state.withLock(\.folder) }

        /// - Parameter work: `nil` for the end.
        func add(_ work: (@Sendable () -> Void)?) {
            state.withLock { $0.work.append(work) }
            arrivals.signal()
        }

        func work() {
            var link = [UInt8](repeating: 0, count: 128)
            let length = link.withUnsafeMutableBytes { link in
                link.withMemoryRebound(to: CChar.self) { readlink("/proc/thread-self", $0.baseAddress!, $0.count) }
            }
            if length > 0 {
                let folder = "/proc/" + String(decoding: link[..<length], as: UTF8.self)
                state.withLock { $0.folder = folder }
            }
            while true {
                arrivals.wait()
                guard let work = state.withLock({ $0.work.removeFirst() }) else { return }
                work()
            }
        }
    }
}

/// The host has run short of something (threads, processes, descriptors, memory), which is no engine's fault.
public struct Shortage: Error, Hashable, CustomStringConvertible {
    /// What was attempted, and what the system said.
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
