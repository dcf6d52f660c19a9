import Synchronization
import Testing

@testable import Conformance

@Suite struct OrderedMapTests {
    @Test(arguments: [1, 2, 7, 100])
    func keepsTheOrder(jobs: Int) throws {
        #expect(try orderedMap(50, jobs: jobs) { $0 * $0 } == (0..<50).map { $0 * $0 })
    }

    @Test func ofNothingIsNothing() throws {
        #expect(try orderedMap(0, jobs: 3) { $0 }.isEmpty)
    }

    @Test func computesEachPlaceOnce() throws {
        let calls = Mutex([Int](repeating: 0, count: 200))
        _ = try orderedMap(200, jobs: 4) { place in calls.withLock { $0[place] += 1 } }
        #expect(calls.withLock { $0 } == Array(repeating: 1, count: 200))
    }

    private struct Failure: Error, Equatable {
        let place: Int
    }

    @Test(arguments: [1, 2, 7])
    func throwsTheErrorOfTheEarliestPlace(jobs: Int) {
        #expect(throws: Failure(place: 20)) {
            try orderedMap(100, jobs: jobs) { place in
                if place >= 20 { throw Failure(place: place) }
                return place
            }
        }
    }

    @Test func stopsAfterAnError() {
        let calls = Atomic(0)
        #expect(throws: Failure.self) {
            try orderedMap(1_000_000, jobs: 2) { place in
                calls.add(1, ordering: .relaxed)
                throw Failure(place: place)
            }
        }
        #expect(calls.load(ordering: .relaxed) <= 2)
    }
}
