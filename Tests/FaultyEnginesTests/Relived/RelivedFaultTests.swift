import Conformance
import Convolution
import Testing

@testable import FaultyEngines

@Suite struct RelivedFaultTests {
    @Test func atLeastFifteenReportsAreRelived() {
        let sources = RelivedFault.all.compactMap { Fault.named($0.fault)?.source }
        #expect(Set(sources).count >= 15)
    }

    @Test(arguments: RelivedFault.all.map(\.fault))
    func isCaughtWhereUsersMetItAndBesideIt(name: String) throws {
        let relived = try #require(RelivedFault.all.first { $0.fault == name })
        let fault = try #require(Fault.named(name))
        #expect(fault.source != nil, "a relived fault has a report")
        #expect(try fails(fault, relived.met, relived), "where users met it")
        #expect(try fails(fault, relived.neighbour, relived), "beside it")
        if let spared = relived.spared {
            #expect(try !fails(fault, spared, relived), "where users found it right")
        }
    }

    @Test(arguments: RelivedFault.all.map(\.fault))
    func theEngineWithoutTheFaultPasses(name: String) throws {
        let relived = try #require(RelivedFault.all.first { $0.fault == name })
        for problem in [relived.met, relived.neighbour, relived.spared].compactMap({ $0 }) {
            #expect(try !fails(nil, problem, relived), "\(problem)")
        }
    }

    /// Whether one of three calls of an engine is judged a failure.
    private func fails(_ fault: Fault?, _ problem: Problem, _ relived: RelivedFault) throws -> Bool {
        let golden = try GoldenCase.drawn(problem, data: relived.data)
        let engine = try InProcessEngine(name: "engine") { FaultyEngine(fault) }
        let session = try engine.openSession()
        return (0..<3).contains { _ in
            let answer = session.answer(to: golden.request(in: relived.layouts), within: .seconds(600))
            return Judge().verdict(on: answer, to: golden, capabilities: engine.capabilities).status != .pass
        }
    }
}
