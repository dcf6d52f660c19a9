import Foundation
import Synchronization
import Testing

@testable import HDF5

/// libhdf5 sees one thread at a time.
struct LibraryTests {
    @Test
    func onlyOneThreadIsInsideAtATime() {
        let inside = Atomic(0)
        let meetings = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<50 {
                try? Library.locked { () throws(HDF5Error) in
                    if inside.add(1, ordering: .sequentiallyConsistent).oldValue > 0 {
                        meetings.add(1, ordering: .sequentiallyConsistent)
                    }
                    Thread.sleep(forTimeInterval: 1e-5)
                    inside.subtract(1, ordering: .sequentiallyConsistent)
                }
            }
        }
        #expect(meetings.load(ordering: .sequentiallyConsistent) == 0)
    }

    @Test
    func theThreadInsideMayEnterAgain() throws {
        let value = try Library.locked { () throws(HDF5Error) in
            try Library.locked { () throws(HDF5Error) in 1 }
        }
        #expect(value == 1)
    }
}
