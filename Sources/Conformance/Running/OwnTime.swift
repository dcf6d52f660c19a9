internal import Glibc

/// How much time a program has had for itself since a moment.
///
/// That is the time on the clock, less what the program stood ready to run while others had the processors, and less
/// what its observer missed (a suspended machine, a stopped process, a host so busy that even the observer had to
/// wait). A program that sleeps for ever and one that computes for ever both use their time up; one that is kept from
/// computing does not.
package final class OwnTime {
    /// Threads, as the folders in which the system describes them: `/proc/<process>/task/<thread>`.
    package typealias Threads = () -> [String]

    /// The longest time between two looks that counts: observers look ten times a second.
    private static let longestGap = Duration.seconds(1)
    /// How often the threads are asked; a program that is done before that costs nothing.
    private static let interval = Duration.milliseconds(250)

    private let threads: Threads
    private var lastLook = SuspendingClock.now
    /// What has passed up to the last question to the threads, without their delays.
    private var settled = Duration.zero
    /// What has passed since.
    private var unsettled = Duration.zero
    /// How long each thread had waited for a processor when it was last asked, in nanoseconds.
    private var waits: [String: Int64] = [:]

    /// Starts to count.
    ///
    /// - Parameter threads: all that belong to the program, at the moment of asking.
    package init(of threads: @escaping Threads) {
        self.threads = threads
    }

    /// Whether the program has had so much time. To be asked about ten times a second.
    package func hasReached(_ limit: Duration) -> Bool {
        let now = SuspendingClock.now
        unsettled += min(now - lastLook, OwnTime.longestGap)
        lastLook = now
        if unsettled >= OwnTime.interval || settled + unsettled >= limit { settle() }
        return settled + unsettled >= limit
    }

    /// Takes off the longest delay of any one thread: delays at the same time count once.
    private func settle() {
        var delay: Int64 = 0
        var waits: [String: Int64] = [:]
        for thread in threads() {
            guard let wait = OwnTime.wait(of: thread) else { continue }
            waits[thread] = wait
            if let before = self.waits[thread] { delay = max(delay, wait - before) }
        }
        self.waits = waits
        settled += max(unsettled - .nanoseconds(delay), .zero)
        unsettled = .zero
    }

    /// The second number of `schedstat` (Linux, Documentation/scheduler/sched-stats): the time spent waiting on a run
    /// queue, in nanoseconds; `nil` where the thread is gone or the system does not say.
    private static func wait(of thread: String) -> Int64? {
        guard let file = fopen(thread + "/schedstat", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.count > 1 ? Int64(words[1]) : nil
    }
}
