import Conformance
import Testing

@testable import FaultyEngines

@Suite struct CaughtFaultTests {
    /// By a small case, tried here, or else by enough others when the kill matrix was made, which must not be stale.
    @Test(arguments: Fault.all.map(\.name))
    func isCaughtByTheGoldens(name: String) throws {
        if try GoldenFiles.firstKills.get()[name] != nil { return }
        let row = try #require(try KillMatrixPage.rows()[name], KillMatrixPage.renewal)
        #expect(row >= 3, "no small case catches '\(name)', and only \(row) of all did when the kill matrix was made")
    }

    @Test func smallCasesCatchMostFaults() throws {
        #expect(try GoldenFiles.firstKills.get().count > Fault.all.count / 2)
    }

    @Test func theEngineWithoutAFaultIsNeverAccused() throws {
        let golden = try GoldenFiles.directory.get()
        let engine = FaultyEngine(nil)
        for header in try GoldenFiles.cases() {
            var trial = FaultTrial(try golden.load(header), judge: Judge())
            let layouts = LayoutSelection.sample.layouts(of: engine.capabilities, for: header)
            #expect(trial.falseAlarm(in: layouts) == nil, "\(header.id)")
        }
    }
}
