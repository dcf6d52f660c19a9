import Conformance
import Foundation
import Testing

@testable import FaultyEngines

/// `Golden/kill-matrix.md` is what the self-test said of these golden files and this bank, not of earlier ones.
@Suite struct KillMatrixPageTests {
    private static let page = Result {
        try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../../Golden/kill-matrix.md"), encoding: .utf8)
    }
    private static let renewal: Comment =
        "Golden/kill-matrix.md is stale; renew it: .build/release/convcheck selftest --markdown Golden/kill-matrix.md"

    @Test func isMadeFromTheseGoldenFiles() throws {
        let golden = try GoldenFiles.directory.get()
        let line = "Golden files: \(golden.cases.count) cases, sha256 \(golden.digest)"
        let page = try Self.page.get()
        #expect(page.split(separator: "\n").contains { $0 == line }, Self.renewal)
    }

    @Test func hasEveryFaultOfTheBank() throws {
        let page = try Self.page.get()
        let rows = page.matches(of: /(?m)^\| `([a-z0-9-]+)` \|/).map { String($0.1) }
        let ordered = FaultClass.allCases.flatMap { each in Fault.all.filter { $0.faultClass == each }.map(\.name) }
        #expect(rows == ordered, Self.renewal)
    }

    @Test func saysThatAllAreCaught() throws {
        let count = Fault.all.count
        let sentence = "selftest: \(count) of \(count) faults caught, 0 by fewer than 3 cases, 0 false alarms"
        #expect(try Self.page.get().contains(sentence), Self.renewal)
    }
}
