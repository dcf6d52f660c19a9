import Conformance
import RunRecord
import Testing

/// Findings, which stand between the last result and the footer.
struct FindingLineTests {
    private static func record() throws -> RunRecord {
        let relations: [Condition.Relation] = [
            .equals(1), .atLeast(2), .atMost(3), .isMultiple(of: 4), .isNoMultiple(of: 5), .holds, .holdsNot,
        ]
        let named = Finding(
            engine: "mine",
            candidates: [
                .init(name: "a", summary: RecordedRun.unruly, source: "root#1"), .init(name: "b", summary: "B."),
            ],
            cases: ["grid/a"], allFailing: 9, smallest: "grid/a", spared: 2,
            rule: Rule(
                conditions: relations.map { Condition("channels", $0) }, failing: 1, allFailing: 2, passing: 3,
                allPassing: 4))
        var record = try RecordedRun.record()
        record.findings = [
            named, Finding(engine: "mine", candidates: [], cases: ["grid/a"], allFailing: 9, smallest: "grid/a"),
        ]
        return record
    }

    private func error(_ change: (inout [String]) -> Void) throws -> String {
        var lines = try Self.record().events.map(RecordFormat.line)
        change(&lines)
        do throws(RecordError) {
            _ = try RunRecord(bytes: Array(lines.joined().utf8), file: "r")
            return "it was read"
        } catch {
            return error.description
        }
    }

    @Test func theyComeBack() throws {
        let record = try Self.record()
        let again = try RunRecord(bytes: Array(record.text.utf8), file: "r")
        #expect(again.findings == record.findings)
        #expect(again.text == record.text)
    }

    @Test func whatContradictsTheResultsIsRefused() throws {
        let place = try Self.record().results.count + 1
        #expect(
            try error { $0[place].replace("\"grid/a\"", with: "\"grid/z\"") }
                .contains("line \(place + 1): the finding names 'grid/z', which 'mine' has not failed"))
        #expect(
            try error { $0[place].replace("\"engine\":\"mine\"", with: "\"engine\":\"other\"") }
                .contains("which 'other' has not failed"))
        #expect(try error { $0[place].replace("at least", with: "about") }.contains("'relation' is 'about'"))
        #expect(try error { $0[place].replace("\"number\":1,", with: "") }.contains("'relation' is 'equals'"))
        #expect(try error { $0.swapAt(place, place - 1) }.contains("line \(place + 1): a case behind a finding"))
    }
}
