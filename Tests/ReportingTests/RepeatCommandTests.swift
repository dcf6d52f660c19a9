import Conformance
import Foundation
import Testing
import _TestSupport

@testable import Reporting

struct RepeatCommandTests {
    @Test func namesEngineCaseAndCircumstances() throws {
        let results = try SampleRun.results()
        let command = RepeatCommand(executable: "./my check")
        let first = command.command(for: results[0], of: SampleRun.header)
        #expect(
            first == "'./my check' run --engine direct --case grid/b2-c3-f6-k3x2-s2x1-same_upper-int"
                + " --golden 'my goldens'")
        let otherLayout = try #require(results.first { !$0.isPreferredLayout })
        #expect(command.command(for: otherLayout, of: SampleRun.header).contains(" --layouts all "))
        var header = SampleRun.header
        header.repeatArguments += ["--layouts", "all"]
        #expect(command.command(for: otherLayout, of: header).split(separator: "--layouts").count == 2)
    }

    @Test(arguments: [
        "plain-word_1.0/x:y=z,@%+", "", " ", "it's", "''", "a\nb",
        "$HOME `id` $(id) \\ \"q\" * ? [a] {b} ~ # ! & ; | < >",
        "é🙂", "--flag",
    ])
    func aShellReadsTheWordBack(_ word: String) throws {
        let said = try ProgramOutcome(
            of: URL(filePath: "/bin/sh"), ["-c", "printf '%s|' \(RepeatCommand.quoted(word)) end"]
        ).output
        #expect(said == word + "|end|")
    }
}
