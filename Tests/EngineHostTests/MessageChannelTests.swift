import Foundation
import Testing

@testable import EngineHost

struct MessageChannelTests {
    /// No process writes so fast that there is always more to read; `/dev/zero` is such a writer.
    @Test func `Who never stops talking as the stream ends is not waited for`() throws {
        let left = DispatchSemaphore(value: 0)
        // On a thread of its own, which is given up where it does not come back.
        Thread.detachNewThread {
            guard let sink = try? Descriptor.null() else { return }
            let channel = MessageChannel(
                reading: Descriptor(owning: open("/dev/zero", O_RDONLY | O_CLOEXEC)), writing: sink)
            channel.finish(by: Deadline(after: .milliseconds(20)))
            left.signal()
        }
        #expect(left.wait(timeout: .now() + 20) == .success)
    }
}
