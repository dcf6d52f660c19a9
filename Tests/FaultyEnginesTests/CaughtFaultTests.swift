import Conformance
import Testing

@testable import FaultyEngines

@Suite struct CaughtFaultTests {
    /// Faults that only a suite yet to come can catch. Once `Golden` has the suite, it must.
    static let awaited: [String: String] = [
        "end-pads-moved-to-beginning": "regressions", "image-smaller-than-pad": "regressions",
        "wide-dilated-last-column": "regressions", "odd-k-stages": "regressions", "winograd-tile-tail": "regressions",
        "negative-pads-as-none": "degenerate", "one-pixel-without-bias": "degenerate",
        "tf32-aligned-channels": "networks", "large-kernel-nan": "regressions",
        "nan-input-as-zero": "special", "nan-weight-as-zero": "special", "zero-weight-skipped": "special",
        "zero-input-skipped": "special", "nan-output-lost": "special", "infinite-output-saturates": "special",
        "negative-infinity-lost": "special", "accumulator-cleared-by-zero": "special",
        "nan-from-next-pixel": "special", "infinity-through-transform": "special",
        "subnormal-inputs-flushed": "special", "subnormal-products-flushed": "special",
        "subnormal-outputs-flushed": "special", "groups-zero-as-one": "invalid", "stride-zero-as-one": "invalid",
        "dilation-zero-as-one": "invalid", "undivided-channels-accepted": "invalid",
        "undivided-filters-accepted": "invalid", "channels-disagree-accepted": "invalid",
        "bias-length-accepted": "invalid", "phantom-output": "invalid", "empty-batch-as-one": "degenerate",
    ]

    @Test(arguments: Fault.all.map(\.name))
    func isCaughtByTheGoldens(name: String) throws {
        let golden = try GoldenFiles.directory.get()
        if try GoldenFiles.firstKills.get()[name] != nil { return }
        let suite = try #require(CaughtFaultTests.awaited[name], "no golden case catches '\(name)'")
        #expect(!golden.suites.contains(suite), "suite '\(suite)' is there, and does not catch '\(name)'")
    }

    @Test func awaitedFaultsAreInTheBank() {
        for name in CaughtFaultTests.awaited.keys { #expect(Fault.named(name) != nil, "\(name)") }
    }

    @Test func theEngineWithoutAFaultIsNeverAccused() throws {
        let golden = try GoldenFiles.directory.get()
        let engine = FaultyEngine(nil)
        for description in golden.cases {
            var trial = CaseTrial(try golden.load(description), judge: Judge())
            let layouts = LayoutSelection.sample.layouts(of: engine.capabilities, for: description)
            #expect(trial.falseAlarm(in: layouts) == nil, "\(description.id)")
        }
    }
}
