import Conformance
import Testing

@testable import FaultyEngines

@Suite struct CaughtFaultTests {
    /// Faults that only a suite yet to come can catch. Once `Golden` has the suite, it must.
    static let awaited: [String: [String]] = [
        "regressions": [
            "wide-dilated-last-column", "odd-k-stages", "winograd-tile-tail", "large-kernel-nan",
            "tf32-aligned-channels",
        ]
    ]

    @Test(arguments: Fault.all.map(\.name))
    func isCaughtByTheGoldens(name: String) throws {
        let golden = try GoldenFiles.directory.get()
        if try GoldenFiles.firstKills.get()[name] != nil { return }
        let suite = CaughtFaultTests.awaited.first { $0.value.contains(name) }?.key
        let awaited = try #require(suite, "no golden case catches '\(name)'")
        #expect(!golden.suites.contains(awaited), "suite '\(awaited)' is there, and does not catch '\(name)'")
    }

    @Test func awaitedFaultsAreInTheBank() {
        for name in CaughtFaultTests.awaited.values.joined() { #expect(Fault.named(name) != nil, "\(name)") }
    }

    @Test func theEngineWithoutAFaultIsNeverAccused() throws {
        let golden = try GoldenFiles.directory.get()
        let engine = FaultyEngine(nil)
        for description in try GoldenFiles.cases() {
            var trial = CaseTrial(try golden.load(description), judge: Judge())
            let layouts = LayoutSelection.sample.layouts(of: engine.capabilities, for: description)
            #expect(trial.falseAlarm(in: layouts) == nil, "\(description.id)")
        }
    }
}
