import Conformance
import Foundation
import Testing
import _TestSupport

@testable import FaultyEngines

/// `Golden/kill-matrix.md` is what the self-test said of these golden files and this bank, not of earlier ones.
@Suite struct KillMatrixPageTests {
    @Test func isMadeFromTheseGoldenFiles() throws {
        let golden = try GoldenFiles.directory.get()
        // As the self-test chooses them: without those that take long.
        let count = try CaseSelection().choose(from: golden).count
        let line = "Golden files: \(count) cases, sha256 \(golden.digest)"
        let page = try KillMatrixPage.text()
        #expect(page.split(separator: "\n").contains { $0 == line }, KillMatrixPage.renewal)
    }

    @Test func hasEveryFaultOfTheBank() throws {
        #expect(try Set(KillMatrixPage.rows().keys) == Set(Fault.all.map(\.name)), KillMatrixPage.renewal)
    }

    @Test func saysThatAllAreCaught() throws {
        let count = Fault.all.count
        let sentence = "selftest: \(count) of \(count) faults caught, 0 by fewer than 3 cases, 0 false alarms"
        #expect(try KillMatrixPage.text().contains(sentence), KillMatrixPage.renewal)
    }
}

/// The checked-in page.
enum KillMatrixPage {
    static let renewal: Comment =
        "Golden/kill-matrix.md is stale; renew it: .build/release/convcheck selftest --markdown Golden/kill-matrix.md"

    static func text() throws -> String {
        try String(contentsOf: Repository.goldens.appending(path: "kill-matrix.md"), encoding: .utf8)
    }

    /// How many cases catch each fault.
    static func rows() throws -> [String: Int] {
        let rows = try text().matches(of: /(?m)^\| `([a-z0-9-]+)` \|.*\| ([0-9]+) \|$/)
        return Dictionary(rows.map { (String($0.1), Int($0.2) ?? 0) }) { first, _ in first }
    }
}
